import { Button, Group, Progress, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { countsByState } from '../api/runs';
import type { RunView } from '../api/runView';
import { useRunWatch } from '../api/useRunWatch';
import { targetName } from '../components/targetName';
import { Delivery_State, type Run } from '../gen/satudata/integration/v1/resources_pb';
import { type Format, useFormat } from '../i18n/format';
import { usePermissions } from '../session/useSession';
import { LateCancelRunDialog } from './dialogs';
import classes from './RunBar.module.css';
import { runKindWord } from './runKind';
import { isBulk, type TrackedRun } from './trackedRuns';
import { usePublishedHeight } from './usePublishedHeight';
import { useTrackedRuns } from './useTrackedRuns';

const SHOWN = 2;

/** How far the runs of many files are; there as long as one is under way, whatever view is shown. */
export function RunBar() {
  const { t } = useTranslation();
  const runs = useTrackedRuns().filter(isBulk);
  const ref = usePublishedHeight();
  if (runs.length === 0) return null;
  return (
    <section ref={ref} aria-label={t('runs.bar.label')} className={classes.bar}>
      {runs.slice(0, SHOWN).map((run) => (
        <RunLine key={run.runId} tracked={run} />
      ))}
      {runs.length > SHOWN && (
        <Text size="xs" c="dimmed">
          {t('runs.bar.more', { count: runs.length - SHOWN })}
        </Text>
      )}
    </section>
  );
}

function RunLine({ tracked }: { tracked: TrackedRun }) {
  const { t } = useTranslation();
  const format = useFormat();
  const view = useRunWatch(tracked.runId);
  const kind = t(`runKind.${runKindWord(tracked.kind)}`);
  const targets = tracked.targets.map(targetName).join(', ');
  const percent = view.totalCount ? (view.completedCount / view.totalCount) * 100 : undefined;
  return (
    <div className={classes.line}>
      <IconRefresh size={20} aria-hidden className={classes.icon} />
      <div className={classes.content}>
        <Group gap="xs" justify="space-between" wrap="wrap">
          <Text size="sm" fw={600}>
            {t('runs.bar.title', { kind, targets })}
          </Text>
          <Facts view={view} format={format} />
        </Group>
        <Progress
          mt={4}
          size="md"
          value={percent ?? 100}
          animated={percent === undefined}
          striped={percent === undefined}
          aria-label={t('runs.bar.title', { kind, targets })}
        />
      </div>
      <div className={classes.buttons}>
        {view.run && <StopButton run={view.run} label={t('runs.bar.stopOf', { kind, targets })} />}
        <Button
          component={Link}
          to={`/proses/${encodeURIComponent(tracked.runId)}`}
          variant="default"
          size="xs"
          aria-label={t('runs.bar.detailsOf', { kind, targets })}
        >
          {t('runs.bar.details')}
        </Button>
      </div>
    </div>
  );
}

function StopButton({ run, label }: { run: Run; label: string }) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const [opened, dialog] = useDisclosure(false);
  if (!can('sync')) return null;
  return (
    <>
      <Button variant="default" size="xs" aria-label={label} onClick={dialog.open}>
        {t('runs.bar.stop')}
      </Button>
      <LateCancelRunDialog run={run} opened={opened} onClose={dialog.close} />
    </>
  );
}

function Facts({ view, format }: { view: RunView; format: Format }) {
  const { t } = useTranslation();
  const facts = useFacts(view, format);
  return (
    <Text size="sm" c="dimmed" className={classes.facts}>
      {facts.length > 0 ? facts.join(' · ') : t('runs.bar.planning')}
    </Text>
  );
}

function useFacts({ connection, completedCount, totalCount, targetCounts, speed, waits }: RunView, format: Format) {
  const { t } = useTranslation();
  const facts: string[] = [];
  const done = format.number(completedCount);
  if (connection === 'away') facts.push(t('runs.bar.away'));
  if (totalCount !== undefined) facts.push(t('runs.bar.progress', { done, total: format.number(totalCount) }));
  else if (completedCount > 0) facts.push(t('runs.bar.progressOpen', { done }));
  const rejected = countsByState(targetCounts).get(Delivery_State.REJECTED) ?? 0;
  if (rejected > 0) facts.push(t('runs.bar.rejected', { total: format.number(rejected) }));
  if (connection === 'live' && speed && speed.perSecond > 0) {
    facts.push(t('runs.bar.speed', { speed: format.number(roundSpeed(speed.perSecond)) }));
    if (speed.secondsLeft !== undefined) facts.push(t('runs.bar.left', { time: format.duration(speed.secondsLeft) }));
  }
  for (const { target } of waits) facts.push(t('runs.bar.waiting', { target: targetName(target) }));
  return facts;
}

/** A tenth matters below ten. */
function roundSpeed(perSecond: number): number {
  return perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond);
}
