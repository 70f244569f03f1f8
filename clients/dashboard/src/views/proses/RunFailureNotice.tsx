import { Anchor, Group, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { FailureText } from '../../components/FailureText';
import { Notice } from '../../components/Notice';
import type { Failure } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';

/** Why a run as a whole failed, and what to do about it. */
export function RunFailureNotice({ failure }: { failure: Failure }) {
  const { t } = useTranslation();
  const isMassChange = failure.reason === 'MASS_CHANGE';
  return (
    <Notice tone="bad">
      <Stack gap="sm">
        <Text fw={600}>{t(isMassChange ? 'proses.failure.massTitle' : 'proses.failure.title')}</Text>
        {isMassChange && <MassFigures figures={failure.arguments} />}
        <FailureText failure={failure} withCodes />
        {isMassChange && <MassCure />}
      </Stack>
    </Notice>
  );
}

function MassFigures({ figures }: { figures: Record<string, string> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const numberOf = (text: string | undefined) => (text && /^\d+$/.test(text) ? format.number(BigInt(text)) : text);
  const shown = [
    [t('proses.failure.changed'), numberOf(figures.changed)],
    [t('proses.failure.known'), numberOf(figures.known)],
    [t('proses.failure.share'), figures.percent && `${figures.percent}%`],
  ].filter(([, value]) => value !== undefined && value !== '');
  return (
    <Group component="dl" gap="xl" m={0}>
      {shown.map(([word, value]) => (
        <Stack key={word} gap={0} style={{ flexDirection: 'column-reverse' }}>
          <Text component="dt" size="xs">
            {word}
          </Text>
          <Text component="dd" m={0} size="xl" fw={650}>
            {value}
          </Text>
        </Stack>
      ))}
    </Group>
  );
}

function MassCure() {
  const { t } = useTranslation();
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('proses.failure.massTodo')}
      </Text>
      <List size="sm" type="ordered">
        <List.Item>{t('proses.failure.massCheck')}</List.Item>
        <List.Item>{t('proses.failure.massFix')}</List.Item>
        <List.Item>{t('proses.failure.massAllow')}</List.Item>
      </List>
      <Anchor component={Link} to="/berkas" size="sm">
        {t('proses.failure.toFiles')}
      </Anchor>
    </div>
  );
}
