import { Anchor, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { isEnded } from '../api/runs';
import { useRunWatch } from '../api/useRunWatch';
import { CallError } from '../components/CallError';
import { FailureText } from '../components/FailureText';
import { Notice } from '../components/Notice';
import type { Run } from '../gen/satudata/integration/v1/resources_pb';
import { TargetPreviews } from './TargetPreviews';

/** What the run of a preview found out, once it has. */
export function PreviewOutcome({ runId }: { runId: string }) {
  const { run, connection, error } = useRunWatch(runId);
  if (connection === 'failed') {
    return (
      <Notice tone="bad" role="alert">
        <CallError error={error} />
      </Notice>
    );
  }
  return run && isEnded(run) ? <Outcome run={run} /> : <Working isAway={connection === 'away'} />;
}

function Working({ isAway }: { isAway: boolean }) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" wrap="nowrap" role="status">
      <Loader size="xs" aria-hidden />
      <Text size="sm">{isAway ? t('runs.dialog.streamAway') : t('runs.preview.working')}</Text>
    </Group>
  );
}

function Outcome({ run }: { run: Run }) {
  const { t } = useTranslation();
  const titleId = useId();
  return (
    <Stack component="section" gap="sm" aria-labelledby={titleId}>
      <div role="status">
        <Title order={3} size="h5" id={titleId}>
          {t('runs.preview.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('runs.preview.lead')}
        </Text>
      </div>
      {run.failure && (
        <Notice tone="bad">
          <FailureText failure={run.failure} />
        </Notice>
      )}
      <TargetPreviews run={run} />
      <Anchor component={Link} to={`/proses/${encodeURIComponent(run.runId)}`} size="sm">
        {t('runs.preview.run')}
      </Anchor>
    </Stack>
  );
}
