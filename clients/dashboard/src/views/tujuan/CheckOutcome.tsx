import { Group, Loader, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { CallError } from '../../components/CallError';
import { FailureText } from '../../components/FailureText';
import { Notice } from '../../components/Notice';
import { TimeAgo } from '../../components/TimeAgo';
import { targetName } from '../../components/targetName';
import type { CheckTargetResponse } from '../../gen/satudata/integration/v1/target_service_pb';
import { useFormat } from '../../i18n/format';
import type { useCheck } from './useTargetActions';

interface CheckOutcomeProps {
  target: string;
  check: ReturnType<typeof useCheck>;
}

/** What a check is doing or has found. The frame is always there, so that screen readers hear what comes into it. */
export function CheckOutcome({ target, check }: CheckOutcomeProps) {
  return (
    <div role="status">
      {check.isPending && <Busy target={target} />}
      {check.isError && <Failed error={check.error} />}
      {check.isSuccess && <Finding target={target} result={check.data.result} at={check.data.at} />}
    </div>
  );
}

function Busy({ target }: { target: string }) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" wrap="nowrap">
      <Loader size="xs" aria-hidden />
      <Text size="sm">{t('tujuan.check.busy', { target: targetName(target) })}</Text>
    </Group>
  );
}

function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <Notice tone="bad">
      <Text fw={600} size="sm">
        {t('tujuan.check.failed')}
      </Text>
      <CallError error={error} />
    </Notice>
  );
}

function Finding({ target, result, at }: { target: string; result: CheckTargetResponse; at: Date }) {
  const { t } = useTranslation();
  const title = t(result.healthy ? 'tujuan.check.healthy' : 'tujuan.check.unhealthy', { target: targetName(target) });
  return (
    <Notice tone={result.healthy ? 'good' : 'bad'}>
      <Stack gap={6}>
        <Text fw={600} size="sm">
          {title}
        </Text>
        {!result.healthy && <WhatToFix result={result} />}
        <Text size="xs" c="dimmed" component="div">
          <Measured result={result} />
          {' · '}
          {t('tujuan.check.at')} <TimeAgo date={at} />
        </Text>
      </Stack>
    </Notice>
  );
}

function WhatToFix({ result: { failure } }: { result: CheckTargetResponse }) {
  const { t } = useTranslation();
  if (!failure) return <Text size="sm">{t('tujuan.check.noReason')}</Text>;
  return <FailureText failure={failure} withCodes />;
}

function Measured({ result: { healthy, latencyMs, httpCode } }: { result: CheckTargetResponse }) {
  const { t } = useTranslation();
  const format = useFormat();
  const answered = healthy || httpCode !== 0;
  const time = format.latency(Number(latencyMs));
  const took = t(answered ? 'tujuan.check.latency' : 'tujuan.check.gaveUp', { time });
  const code = httpCode === 0 ? t('tujuan.check.noAnswer') : t('tujuan.check.answer', { code: String(httpCode) });
  return healthy && httpCode === 0 ? took : `${took} · ${code}`;
}
