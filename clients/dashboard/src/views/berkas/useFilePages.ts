// The rows of a catalogue of any size: pages around what is visible are fetched, and few are kept.
import { useDebouncedValue } from '@mantine/hooks';
import { type QueryClient, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';

import { useApi } from '../../api/ApiContext';
import type { Api } from '../../api/client';
import type { CatalogFile } from '../../gen/satudata/integration/v1/resources_pb';
import type { FileFilters } from './fileFilters';

const PAGE_SIZE = 200;
const KEPT_PAGES = 30;
const SETTLE_MS = 120; // dragging the scroll bar passes pages that nobody looks at
const PAGES_KEY = ['files', 'page'];

export interface FilePages {
  /** Undefined until the first answer. */
  total: number | undefined;
  /** Undefined for a row that is not there yet. */
  fileAt: (index: number) => CatalogFile | undefined;
  /** The filters whose files are shown: the old ones, until the new ones have been answered. */
  shown: FileFilters;
  error: Error | null;
  retry: () => void;
  /** Tells which rows are visible. */
  setVisibleRows: (first: number, last: number) => void;
}

export function useFilePages(filters: FileFilters): FilePages {
  const { catalog } = useApi();
  const [shown, setShown] = useState(filters);
  const answer = useQuery(pageQuery(catalog, filters, 0));
  if (answer.isSuccess && shown !== filters) setShown(filters);
  const head = useQuery(pageQuery(catalog, shown, 0));
  const total = head.data && Number(head.data.totalCount);
  const { pages, setVisibleRows } = useVisiblePages(total ?? 0);
  const results = useQueries({ queries: pages.map((page) => pageQuery(catalog, shown, page)) });
  const filesOf = new Map(pages.map((page, at) => [page, results[at]?.data?.files]));
  const queryClient = useQueryClient();
  useEffect(() => forgetFarPages(queryClient), [queryClient, pages]);
  return {
    total,
    fileAt: (index) =>
      (filesOf.get(Math.floor(index / PAGE_SIZE)) ?? pageZero(index, head.data?.files))?.[index % PAGE_SIZE],
    shown,
    error: answer.data ? null : answer.error,
    retry: () => void answer.refetch(),
    setVisibleRows,
  };
}

function pageZero(index: number, files: CatalogFile[] | undefined) {
  return index < PAGE_SIZE ? files : undefined;
}

function pageQuery(catalog: Api['catalog'], filters: FileFilters, page: number) {
  return {
    queryKey: [...PAGES_KEY, filters, page],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      catalog.listFiles({ ...filters, pageSize: PAGE_SIZE, skip: BigInt(page * PAGE_SIZE) }, { signal }),
  };
}

/** The pages that the visible rows are on, and one on either side, as far as there are any. */
function useVisiblePages(total: number) {
  const [range, setRange] = useState({ first: 0, last: 0 });
  const [settled] = useDebouncedValue(range, SETTLE_MS);
  const setVisibleRows = useCallback((firstRow: number, lastRow: number) => {
    const first = Math.max(0, Math.floor(firstRow / PAGE_SIZE) - 1);
    const last = Math.floor(lastRow / PAGE_SIZE) + 1;
    setRange((now) => (now.first === first && now.last === last ? now : { first, last }));
  }, []);
  const pageCount = Math.ceil(total / PAGE_SIZE);
  const pages = Array.from({ length: settled.last - settled.first + 1 }, (_, at) => settled.first + at).filter(
    (page) => page < pageCount,
  );
  return { pages, setVisibleRows };
}

/** Lets go of the pages that were looked at longest ago, so that a tab never grows. */
function forgetFarPages(queryClient: QueryClient): void {
  const cache = queryClient.getQueryCache();
  const unused = cache
    .findAll({ queryKey: PAGES_KEY, type: 'inactive' })
    .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  for (const query of unused.slice(KEPT_PAGES)) cache.remove(query);
}
