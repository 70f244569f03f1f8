import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { useApi } from '../../api/ApiContext';
import { isEnded } from '../../api/runs';
import { useRunWatch } from '../../api/useRunWatch';
import type { RunView } from '../../api/runView';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';

const OPEN_MS = 10_000;

export const runKey = (runId: string) => ['runs', 'one', runId] as const;

/** A run as it is. One that has ended with something open changes in the background and is asked for now and then. */
export function useRunQuery(runId: string) {
  const api = useApi();
  return useQuery({
    queryKey: runKey(runId),
    queryFn: ({ signal }) => api.integration.getRun({ runId }, { signal }),
    refetchInterval: ({ state: { data } }) => (data && isEnded(data) && data.openCount > 0n ? OPEN_MS : false),
  });
}

/** Follows a run while it is active; `known` is how it was last read. */
export function useLiveRun(known: Run): { run: Run; watch: RunView } {
  const queryClient = useQueryClient();
  const [fromSequence] = useState(known.lastSequence);
  const watch = useRunWatch(isEnded(known) ? undefined : known.runId, fromSequence);
  const watched = watch.run;
  useEffect(() => {
    if (!watched || watch.connection !== 'ended') return;
    queryClient.setQueryData(runKey(watched.runId), watched);
    void queryClient.invalidateQueries({ queryKey: ['runs'] });
  }, [queryClient, watch.connection, watched]);
  return { run: isEnded(known) || !watched ? known : watched, watch };
}
