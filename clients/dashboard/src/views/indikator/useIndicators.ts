// The reference list, page by page. Only the pages that are looked at are loaded.
import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query';

import type { Api } from '../../api/client';
import { useApi } from '../../api/ApiContext';
import type { ReferenceIndicator } from '../../gen/satudata/integration/v1/target_service_pb';
import type { Filters } from './filters';

const PAGE_SIZE = 100;

function pageOptions(api: Api, filters: Filters, page: number) {
  return queryOptions({
    queryKey: ['indicators', filters, page],
    queryFn: async ({ signal }) => {
      const skip = BigInt(page * PAGE_SIZE);
      const answer = await api.targets.listReferenceIndicators({ ...filters, pageSize: PAGE_SIZE, skip }, { signal });
      return { filters, answer };
    },
  });
}

/** The first page, which also says how many there are. While other filters load, those shown last, with theirs. */
export function useFirstPage(filters: Filters) {
  const api = useApi();
  return useQuery({ ...pageOptions(api, filters, 0), placeholderData: keepPreviousData });
}

export interface Rows {
  /** The indicator at a place of the list; undefined while it is not loaded. */
  at: (index: number) => ReferenceIndicator | undefined;
  error: Error | null;
  retry: () => void;
}

/** The rows from `first` to `last`. */
export function useRows(filters: Filters, first: number, last: number): Rows {
  const api = useApi();
  const firstPage = Math.floor(first / PAGE_SIZE);
  const count = Math.floor(last / PAGE_SIZE) - firstPage + 1;
  const pages = useQueries({
    queries: Array.from({ length: count }, (_, at) => pageOptions(api, filters, firstPage + at)),
  });
  return {
    at: (index) => pages[Math.floor(index / PAGE_SIZE) - firstPage]?.data?.answer.indicators[index % PAGE_SIZE],
    error: pages.find(({ error }) => error)?.error ?? null,
    retry: () => pages.filter(({ isError }) => isError).forEach((page) => void page.refetch()),
  };
}
