import { Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../i18n/format';

/** What the guard counted before it stopped a run. */
export function MassFigures({ figures }: { figures: Record<string, string> }) {
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
