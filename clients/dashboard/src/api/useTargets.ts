import { useQuery } from '@tanstack/react-query';

import { useApi } from './ApiContext';

/** The configured targets, by name. */
export function useTargets() {
  const { targets } = useApi();
  return useQuery({
    queryKey: ['targets'],
    queryFn: async ({ signal }) => (await targets.listTargets({}, { signal })).targets,
  });
}
