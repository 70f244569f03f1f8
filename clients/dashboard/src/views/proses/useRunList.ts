import { useInfiniteQuery } from '@tanstack/react-query';

import { useApi } from '../../api/ApiContext';
import { isEnded } from '../../api/runs';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';
import type { RunFilter } from './useRunFilter';

const PAGE_SIZE = 50;
const ACTIVE_MS = 4_000;
const OPEN_MS = 20_000;

/** How often to look again, per page: often while a run is active, now and then while something is open. */
function refreshMs(runs: readonly Run[]): number | false {
  if (runs.some((run) => !isEnded(run))) return ACTIVE_MS;
  return runs.some((run) => run.openCount > 0n) ? OPEN_MS : false;
}

/** Runs, newest first, page after page. Looks again by itself only while the page is visible. */
export function useRunList({ state, kind }: RunFilter) {
  const api = useApi();
  return useInfiniteQuery({
    queryKey: ['runs', 'list', state, kind],
    queryFn: ({ pageParam, signal }) =>
      api.integration.listRuns({ state, kind, pageSize: PAGE_SIZE, pageToken: pageParam }, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined,
    refetchInterval: ({ state: { data } }) => {
      const pages = data?.pages ?? [];
      const interval = refreshMs(pages.flatMap(({ runs }) => runs));
      return interval && interval * Math.max(1, pages.length);
    },
  });
}
