import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

import { isEnded } from '../api/runs';
import type { Run } from '../gen/satudata/integration/v1/resources_pb';
import { useRunToast } from './useRunToast';
import { useTrackedRunList } from './useTrackedRuns';

/** When a run has ended: says so where nobody sees it anyway, loads anew what it changed, and lets go of it. */
export function useRunEnd(run: Run | undefined): void {
  const queryClient = useQueryClient();
  const trackedRuns = useTrackedRunList();
  const showToast = useRunToast();
  const ended = run && isEnded(run) ? run : undefined;
  useEffect(() => {
    if (!ended) return;
    if (!trackedRuns.isShown(ended.runId)) showToast(ended);
    trackedRuns.remove(ended.runId);
    void queryClient.invalidateQueries();
  }, [ended, trackedRuns, queryClient, showToast]);
}
