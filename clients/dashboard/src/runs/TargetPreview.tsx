import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { countsByState } from '../api/runs';
import { targetName } from '../components/targetName';
import { Delivery_State, type Run } from '../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../i18n/format';
import classes from './TargetOutcome.module.css';
import type { runsId } from './texts.id';

type FilesWord = keyof (typeof runsId)['preview']['files'];

/** In the order in which somebody asks. */
const FILES_ORDER: readonly FilesWord[] = ['send', 'part', 'readBack', 'same', 'skipped', 'refused', 'other'];

/** What a delivery would do, by the state in which a run would begin it. */
const FILES_WORDS: Partial<Record<Delivery_State, FilesWord>> = {
  [Delivery_State.QUEUED]: 'send',
  [Delivery_State.PARTIAL]: 'part',
  [Delivery_State.UNKNOWN]: 'readBack',
  [Delivery_State.ACCEPTED]: 'readBack',
  [Delivery_State.UNCHANGED]: 'same',
  [Delivery_State.CONFIRMED]: 'same',
  [Delivery_State.SKIPPED]: 'skipped',
  [Delivery_State.REJECTED]: 'refused',
};

interface TargetPreviewProps {
  run: Run;
  target: string;
  /** What is known beyond how many files. */
  children?: ReactNode;
}

/** What a run would do at one target. */
export function TargetPreview({ run, target, children }: TargetPreviewProps) {
  const name = targetName(target);
  return (
    <section className={classes.card} aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{name}</Text>
        <Forecast run={run} target={target} />
      </Group>
      {children ?? <FileCounts run={run} target={target} />}
    </section>
  );
}

/** How many requests that makes, and how long they would take. */
function Forecast({ run, target }: { run: Run; target: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const forecast = run.forecasts.find((candidate) => candidate.target === target);
  if (!forecast) return null;
  const { requestCount, durationMs } = forecast;
  const requests = t('runs.preview.requests', { count: Number(requestCount), total: format.number(requestCount) });
  const time =
    durationMs !== undefined &&
    t('runs.preview.time', { time: format.duration(Math.max(1, Math.ceil(Number(durationMs) / 1000))) });
  return (
    <Text size="sm" c="dimmed">
      {requestCount > 0n && time ? `${requests}, ${time}` : requests}
    </Text>
  );
}

function FileCounts({ run, target }: { run: Run; target: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counts = new Map<FilesWord, number>();
  for (const [state, count] of countsByState(run.targetCounts.filter((candidate) => candidate.target === target))) {
    const word = FILES_WORDS[state] ?? 'other';
    counts.set(word, (counts.get(word) ?? 0) + count);
  }
  const parts = FILES_ORDER.map((word) => [word, counts.get(word) ?? 0] as const).filter(([, count]) => count > 0);
  if (parts.length === 0) return <Text size="sm">{t('runs.preview.nothing')}</Text>;
  return (
    <Text size="sm" mt={4}>
      {parts.map(([word, count]) => t(`runs.preview.files.${word}`, { total: format.number(count) })).join(' · ')}
    </Text>
  );
}
