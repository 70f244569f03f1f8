import { useQuery } from '@tanstack/react-query';

import { useApi } from '../../api/ApiContext';
import { Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';

const REFRESH_MS = 30_000;

/** Who may be waited for, in the order in which they are shown. */
export const OWNERS = [
  Failure_Owner.PRODUCER,
  Failure_Owner.DATA_STEWARD,
  Failure_Owner.OPERATOR,
  Failure_Owner.TARGET,
] as const;

/** Whose turn it is, the largest first. */
export function useTurns() {
  const api = useApi();
  return useQuery({
    queryKey: ['summary', 'turns'],
    queryFn: async ({ signal }) => {
      const { turns, readTime } = await api.integration.getSummary({ dayCount: 1 }, { signal });
      return { turns, readTime };
    },
    refetchInterval: REFRESH_MS,
  });
}
