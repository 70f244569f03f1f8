import { Stack, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useApi } from '../../api/ApiContext';
import { toDate } from '../../api/timestamps';
import { type Column, DataTable } from '../../components/DataTable';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { FailureText } from '../../components/FailureText';
import { Pager } from '../../components/Pager';
import { StaleNotice } from '../../components/StaleNotice';
import { DeliveryStateBadge } from '../../components/StateBadge';
import { TableSkeleton } from '../../components/TableSkeleton';
import { targetName } from '../../components/targetName';
import { TimeAgo } from '../../components/TimeAgo';
import { usePageTokens } from '../../components/usePageTokens';
import type { Delivery } from '../../gen/satudata/integration/v1/resources_pb';
import { DeliveryName } from '../pengiriman/DeliveryName';
import { useProducer } from './producer';
import type { TurnFilter } from './useTurnFilter';

const PAGE_SIZE = 50;
const REFRESH_MS = 30_000;

/** The files that wait, one page at a time. */
export function TurnFiles({ filter }: { filter: TurnFilter }) {
  const { t } = useTranslation();
  const { token, page, next, previous } = usePageTokens();
  const query = useTurnFiles(filter, token);
  if (query.isPending) return <TableSkeleton />;
  if (!query.data) return <ErrorState error={query.error} onRetry={previous ?? (() => void query.refetch())} />;
  const { deliveries, nextPageToken } = query.data;
  return (
    <Stack gap="sm" style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }} aria-busy={query.isPlaceholderData}>
      <StaleNotice error={query.error} />
      {deliveries.length === 0 ? (
        <EmptyState title={t('giliran.files.empty')} text={t('giliran.files.emptyText')} />
      ) : (
        <FileTable deliveries={deliveries} />
      )}
      <Pager page={page} onPrevious={previous} onNext={nextPageToken ? () => next(nextPageToken) : undefined} />
    </Stack>
  );
}

function useTurnFiles(filter: TurnFilter, pageToken: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['deliveries', 'newest', filter, pageToken],
    queryFn: ({ signal }) =>
      api.integration.listDeliveries({ ...filter, newest: true, pageSize: PAGE_SIZE, pageToken }, { signal }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}

function FileTable({ deliveries }: { deliveries: readonly Delivery[] }) {
  const { t } = useTranslation();
  const columns: Column<Delivery>[] = [
    { key: 'file', header: t('giliran.files.file'), width: '24%', cell: (row) => <DeliveryName delivery={row} /> },
    {
      key: 'producer',
      header: t('giliran.files.producer'),
      width: '16%',
      cell: ({ fileId }) => <Producer fileId={fileId} />,
    },
    { key: 'target', header: t('giliran.files.target'), width: '8%', cell: ({ target }) => targetName(target) },
    {
      key: 'state',
      header: t('giliran.files.state'),
      width: '14%',
      cell: ({ state }) => <DeliveryStateBadge state={state} />,
    },
    {
      key: 'why',
      header: t('giliran.files.why'),
      cell: ({ failure }) => failure && <FailureText failure={failure} withCodes />,
    },
    {
      key: 'since',
      header: t('giliran.files.since'),
      width: '11%',
      cell: ({ updateTime }) => <TimeAgo date={toDate(updateTime)} />,
    },
  ];
  return (
    <DataTable
      label={t('giliran.files.label')}
      columns={columns}
      rows={deliveries}
      rowKey={({ deliveryId }) => deliveryId}
    />
  );
}

function Producer({ fileId }: { fileId: string }) {
  const { t } = useTranslation();
  const { data, isPending } = useProducer(fileId);
  if (isPending) return <span aria-label={t('app.loading')}>…</span>;
  if (data !== undefined && data !== '') return data;
  return (
    <Text size="sm" c="dimmed">
      {t('giliran.files.noProducer')}
    </Text>
  );
}
