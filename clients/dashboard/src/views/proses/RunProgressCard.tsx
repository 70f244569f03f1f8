import { Group, Paper, Progress, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { isEnded } from '../../api/runs';
import type { RunView } from '../../api/runView';
import { CountsBar } from '../../components/CountsBar';
import { runLook } from '../../components/states';
import { targetName } from '../../components/targetName';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { PaceLine } from './PaceLine';
import { progressOf, type RunProgress } from './runProgress';
import { WaitNotices } from './WaitNotices';

/** How far a run is, or what came of it. */
export function RunProgressCard({ run, watch }: { run: Run; watch: RunView }) {
  const { t } = useTranslation();
  const progress = progressOf(run, watch);
  const ended = isEnded(run);
  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-label={t(ended ? 'proses.progress.result' : 'proses.progress.title')}
    >
      <Stack gap="sm">
        <Title order={2} size="h4">
          {t(ended ? 'proses.progress.result' : 'proses.progress.title')}
        </Title>
        {!ended && <LiveProgress progress={progress} watch={watch} />}
        {!ended && <WaitNotices waits={watch.waits} />}
        <TargetProgress progress={progress} ended={ended} />
      </Stack>
      <Spoken run={run} progress={progress} />
    </Paper>
  );
}

function LiveProgress({ progress, watch }: { progress: RunProgress; watch: RunView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { completedCount, totalCount } = progress;
  const done = format.number(completedCount);
  const words =
    totalCount === undefined
      ? t('proses.progress.doneSoFar', { done })
      : t('proses.progress.done', { done, total: format.number(totalCount) });
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs" align="baseline">
        <Text fw={650} size="lg" style={{ fontVariantNumeric: 'tabular-nums' }}>
          {words}
        </Text>
        <PaceLine watch={watch} totalCount={totalCount} />
      </Group>
      {totalCount === undefined ? (
        <Text size="sm" c="dimmed">
          {t('proses.progress.planning')}
        </Text>
      ) : (
        <Progress.Root size="lg">
          <Progress.Section
            value={percentOf(completedCount, totalCount)}
            aria-label={t('proses.progress.bar')}
            aria-valuetext={words}
          />
        </Progress.Root>
      )}
    </Stack>
  );
}

function TargetProgress({ progress, ended }: { progress: RunProgress; ended: boolean }) {
  const { t } = useTranslation();
  const targets = progress.targetCounts.filter(({ states }) => states.length > 0);
  if (targets.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t(ended ? 'proses.progress.noneEnded' : 'proses.progress.none')}
      </Text>
    );
  }
  return targets.map(({ target, states }) => (
    <div key={target} role="group" aria-label={t('proses.progress.perTarget', { target: targetName(target) })}>
      <Text size="sm" fw={600}>
        {targetName(target)}
      </Text>
      <CountsBar counts={states} thick />
    </div>
  ));
}

/** Says to screen readers each tenth that is done, and the end; not more, however fast the counts move. */
function Spoken({ run, progress: { completedCount, totalCount } }: { run: Run; progress: RunProgress }) {
  const { t } = useTranslation();
  const format = useFormat();
  const tenth = totalCount ? Math.floor((completedCount / totalCount) * 10) / 10 : 0;
  const words = isEnded(run)
    ? t('proses.progress.spokenEnd', { state: t(`runState.${runLook(run.state).word}`) })
    : t('proses.progress.spoken', { percent: format.percent(tenth) });
  return <VisuallyHidden role="status">{isEnded(run) || totalCount ? words : ''}</VisuallyHidden>;
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 100 : Math.min(100, (part / whole) * 100);
}
