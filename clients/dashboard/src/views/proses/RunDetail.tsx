import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { countsByState, isEnded } from '../../api/runs';
import { ErrorState } from '../../components/ErrorState';
import { Page } from '../../components/Page';
import { isForecast, isPreview, PreviewContext } from '../../components/previewLook';
import { RunBadge } from '../../components/StateBadge';
import { Delivery_State, type Run, Run_Kind, type TargetCounts } from '../../gen/satudata/integration/v1/resources_pb';
import { usePermissions } from '../../session/useSession';
import { BackToRuns } from './BackToRuns';
import { canCancel, CancelRunButton } from './CancelRunButton';
import { DeliveryFilters } from './DeliveryFilters';
import { ForecastCard } from './ForecastCard';
import { PreviewNotice } from './PreviewNotice';
import { canRetry } from './retryable';
import { RetryRunButton } from './RetryRunButton';
import { DeliveriesHeading, RunDeliveries } from './RunDeliveries';
import { RunFacts } from './RunFacts';
import { RunFailureNotice } from './RunFailureNotice';
import { progressOf } from './runProgress';
import { RunProgressCard } from './RunProgressCard';
import { runKindWord } from './runWords';
import { useDeliveryFilter } from './useDeliveryFilter';
import { useLiveRun } from './useRun';

const { UNCHANGED } = Delivery_State;

interface RunDetailProps {
  /** The run as it was last read. */
  known: Run;
  notice: ReactNode;
}

export function RunDetail({ known, notice }: RunDetailProps) {
  const { t } = useTranslation();
  const { run, watch } = useLiveRun(known);
  return (
    <Page title={t(`runKind.${runKindWord(run.kind)}`)} lead={<BackToRuns />} actions={<RunActions run={run} />}>
      <Group gap="sm">
        <RunBadge run={run} />
        <Text size="sm" c="dimmed" role="status">
          {watch.connection === 'away' && t('proses.run.away')}
        </Text>
      </Group>
      {notice}
      {watch.connection === 'failed' && <ErrorState error={watch.error} />}
      <RunFailureNotice key={run.runId} run={run} />
      {isPreview(run) && <PreviewNotice />}
      <RunFacts run={run} />
      <PreviewContext value={isPreview(run)}>
        {isForecast(run) ? <ForecastCard run={run} /> : <RunProgressCard run={run} watch={watch} />}
        <Deliveries run={run} counts={progressOf(run, watch).targetCounts} />
      </PreviewContext>
    </Page>
  );
}

function RunActions({ run }: { run: Run }) {
  const { can } = usePermissions();
  if (!can('sync')) return null;
  return (
    <>
      {canRetry(run) && <RetryRunButton run={run} />}
      {canCancel(run) && <CancelRunButton run={run} />}
    </>
  );
}

function Deliveries({ run, counts }: { run: Run; counts: readonly TargetCounts[] }) {
  const [filter, change] = useDeliveryFilter();
  const ended = isEnded(run);
  if (ended && counts.length === 0) return null; // nothing was planned
  const listed = run.kind === Run_Kind.SYNC_FILE ? counts : withoutUnchanged(counts);
  const liveness = !ended ? 'active' : run.openCount > 0n ? 'open' : 'settled';
  return (
    <>
      <DeliveriesHeading isLive={!ended} hasUnlisted={listed !== counts && countsByState(counts).has(UNCHANGED)} />
      <DeliveryFilters filter={filter} onChange={change} targets={run.targets} counts={listed} />
      <RunDeliveries runId={run.runId} filter={filter} liveness={liveness} />
    </>
  );
}

/** Runs over many files only count what is UNCHANGED: there is nothing to list. */
function withoutUnchanged(counts: readonly TargetCounts[]): TargetCounts[] {
  return counts.map((ofTarget) => ({
    ...ofTarget,
    states: ofTarget.states.filter(({ state }) => state !== UNCHANGED),
  }));
}
