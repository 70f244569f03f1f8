import { useQuery } from '@tanstack/react-query';

import { useApi } from './ApiContext';

/** How many files there are, and which themes and producers. */
export function useCatalogSummary() {
  const { catalog } = useApi();
  return useQuery({
    queryKey: ['files', 'summary'],
    queryFn: ({ signal }) => catalog.getCatalogSummary({}, { signal }),
    staleTime: 60_000,
  });
}
