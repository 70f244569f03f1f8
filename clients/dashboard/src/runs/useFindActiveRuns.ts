import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';

import { useApi } from '../api/ApiContext';
import { Run_Kind, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import { useTrackedRunList } from './useTrackedRuns';

const EVERY_MS = 30_000;

/** Finds the runs of many files that are under way, also those begun before the page was opened, or by others. */
export function useFindActiveRuns(): void {
  const { integration } = useApi();
  const trackedRuns = useTrackedRunList();
  const { data } = useQuery({
    queryKey: ['runs', 'active'],
    queryFn: async ({ signal }) => {
      const answer = await integration.listRuns({ state: Run_State.RUNNING, pageSize: 100 }, { signal });
      return answer.runs.filter(({ kind }) => kind === Run_Kind.SYNC_ALL || kind === Run_Kind.RETRY);
    },
    refetchInterval: EVERY_MS,
  });
  useEffect(() => data?.forEach((run) => trackedRuns.add(run)), [data, trackedRuns]);
}
