import { Code } from '@connectrpc/connect';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { useApi } from '../api/ApiContext';
import { toFailure } from '../api/failure';
import { useRunWatch } from '../api/useRunWatch';
import { isBulk, type TrackedRun } from './trackedRuns';
import { useFindActiveRuns } from './useFindActiveRuns';
import { useRunEnd } from './useRunEnd';
import { useTrackedRunList, useTrackedRuns } from './useTrackedRuns';

const ASK_EVERY_MS = 3_000;
const REFRESH_EVERY_MS = 5_000;

/** Follows the tracked runs in the background of whatever view is shown. */
export function RunTracker() {
  useFindActiveRuns();
  return useTrackedRuns().map((run) =>
    isBulk(run) ? <BulkRun key={run.runId} run={run} /> : <FileRun key={run.runId} run={run} />,
  );
}

/** By its stream. Meanwhile the files that are on screen are loaded anew now and then. */
function BulkRun({ run: { runId } }: { run: TrackedRun }) {
  const queryClient = useQueryClient();
  const { run, connection } = useRunWatch(runId);
  useRunEnd(connection === 'ended' ? run : undefined);
  useGoneRun(connection === 'failed' ? runId : undefined);
  useEffect(() => {
    const timer = setInterval(() => void queryClient.invalidateQueries({ queryKey: ['files'] }), REFRESH_EVERY_MS);
    return () => clearInterval(timer);
  }, [queryClient]);
  return null;
}

/** By asking: somebody may begin many of these, and the browser has connections for a few streams only. */
function FileRun({ run: { runId } }: { run: TrackedRun }) {
  const { integration } = useApi();
  const { data, error } = useQuery({
    queryKey: ['runs', 'one', runId],
    queryFn: ({ signal }) => integration.getRun({ runId }, { signal }),
    refetchInterval: ASK_EVERY_MS,
  });
  useRunEnd(data);
  useGoneRun(error && toFailure(error).code === Code.NotFound ? runId : undefined);
  return null;
}

/** A run that is not there any more is not followed any more. */
function useGoneRun(runId: string | undefined): void {
  const trackedRuns = useTrackedRunList();
  useEffect(() => {
    if (runId !== undefined) trackedRuns.remove(runId);
  }, [runId, trackedRuns]);
}
