import { Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';

import { useApi } from '../../api/ApiContext';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Pager } from '../../components/Pager';
import { StaleNotice } from '../../components/StaleNotice';
import { TableSkeleton } from '../../components/TableSkeleton';
import { usePageTokens } from '../../components/usePageTokens';
import { DeliveryTable } from '../pengiriman/DeliveryTable';
import type { DeliveryFilter } from './useDeliveryFilter';

const PAGE_SIZE = 200;
const LIVE_MS = 5_000;
const OPEN_MS = 15_000;

interface RunDeliveriesProps {
  runId: string;
  filter: DeliveryFilter;
  /** Something may still change: while the run is active, or open in the background. */
  liveness: 'active' | 'open' | 'settled';
}

/** The deliveries of a run, one page at a time: so the tab does not grow with the run. */
export const RunDeliveries = memo(function RunDeliveries({ runId, filter, liveness }: RunDeliveriesProps) {
  const { t } = useTranslation();
  const { token, page, next, previous } = usePageTokens();
  const query = useDeliveryPage({ runId, filter, liveness }, token);
  if (query.isPending) return <TableSkeleton />;
  if (!query.data) return <ErrorState error={query.error} onRetry={previous ?? (() => void query.refetch())} />;
  const { deliveries, nextPageToken } = query.data;
  return (
    <Stack gap="sm" style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }} aria-busy={query.isPlaceholderData}>
      <StaleNotice error={query.error} />
      {deliveries.length === 0 ? (
        <NoDeliveries filter={filter} isSettled={liveness !== 'active'} />
      ) : (
        // Another page begins at its top again.
        <DeliveryTable key={deliveries[0]?.deliveryId} label={t('proses.deliveries.label')} deliveries={deliveries} />
      )}
      <Pager page={page} onPrevious={previous} onNext={nextPageToken ? () => next(nextPageToken) : undefined} />
    </Stack>
  );
});

function useDeliveryPage({ runId, filter: { target, states }, liveness }: RunDeliveriesProps, pageToken: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['runs', 'deliveries', runId, target, states, pageToken],
    queryFn: ({ signal }) =>
      api.integration.listDeliveries(
        { runId, target, states: [...states], pageSize: PAGE_SIZE, pageToken },
        { signal },
      ),
    placeholderData: keepPreviousData,
    refetchInterval: { active: LIVE_MS, open: OPEN_MS, settled: false as const }[liveness],
    gcTime: 60_000, // pages that were left are not kept for long
  });
}

function NoDeliveries({ filter, isSettled }: { filter: DeliveryFilter; isSettled: boolean }) {
  const { t } = useTranslation();
  if (filter.target !== '' || filter.states.length > 0) {
    return <EmptyState title={t('proses.deliveries.emptyFiltered')} />;
  }
  if (isSettled) {
    return <EmptyState title={t('proses.deliveries.emptyEnded')} />;
  }
  return <EmptyState title={t('proses.deliveries.empty')} text={t('proses.deliveries.emptyText')} />;
}

export function DeliveriesHeading({ isLive, hasUnlisted }: { isLive: boolean; hasUnlisted: boolean }) {
  const { t } = useTranslation();
  return (
    <div>
      <Title order={2} size="h4">
        {t('proses.deliveries.title')}
      </Title>
      {isLive && (
        <Text size="sm" c="dimmed">
          {t('proses.deliveries.live')}
        </Text>
      )}
      {hasUnlisted && (
        <Text size="sm" c="dimmed">
          {t('proses.deliveries.unchangedNote')}
        </Text>
      )}
    </div>
  );
}
