// The targets as the server sees them.
import { type UseQueryResult, useQuery } from '@tanstack/react-query';

import type { Target } from '../gen/satudata/integration/v1/resources_pb';
import { useApi } from './ApiContext';

export const TARGETS_KEY = ['targets'] as const;

interface Options {
  /** Asks again so often while the page is looked at. */
  refreshMs?: number;
}

/** The configured targets, by name. */
export function useTargets({ refreshMs }: Options = {}): UseQueryResult<Target[]> {
  const api = useApi();
  return useQuery({
    queryKey: TARGETS_KEY,
    queryFn: async ({ signal }) => (await api.targets.listTargets({}, { signal })).targets,
    refetchInterval: refreshMs ?? false,
  });
}
