// The whole at a glance.
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';

import type { GetSummaryResponse } from '../gen/satudata/integration/v1/integration_service_pb';
import { useApi } from './ApiContext';

interface Options {
  /** How many days back, today among them. */
  dayCount: number;
  /** Asks again so often while the page is looked at. */
  refreshMs?: number;
}

/** Whose days: those of whoever looks; empty, the server's choice, where the browser does not know. */
function ownTimeZone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions() as { timeZone?: string };
  return timeZone === undefined || timeZone === 'Etc/Unknown' ? '' : timeZone;
}

export function useSummary({ dayCount, refreshMs }: Options): UseQueryResult<GetSummaryResponse> {
  const api = useApi();
  const timeZone = ownTimeZone();
  return useQuery({
    queryKey: ['summary', dayCount, timeZone],
    queryFn: ({ signal }) => api.integration.getSummary({ dayCount, timeZone }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs ?? false,
  });
}
