import { Stack, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import { useApi } from '../../api/ApiContext';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Pager } from '../../components/Pager';
import { StaleNotice } from '../../components/StaleNotice';
import { TableSkeleton } from '../../components/TableSkeleton';
import { usePageTokens } from '../../components/usePageTokens';
import type { ListIndicatorValuesResponse } from '../../gen/satudata/integration/v1/catalog_service_pb';
import { useFormat } from '../../i18n/format';
import { ValueTable } from './ValueTable';

const PAGE_SIZE = 100;

/** What was read out of a file, in the order of the file, one page at a time. */
export function Values({ fileId }: { fileId: string }) {
  const { t } = useTranslation();
  const titleId = useId();
  return (
    <Stack component="section" gap="sm" aria-labelledby={titleId}>
      <div>
        <Title order={2} size="h4" id={titleId}>
          {t('isi.values.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('isi.values.lead')}
        </Text>
      </div>
      <ValuePage fileId={fileId} />
    </Stack>
  );
}

function ValuePage({ fileId }: { fileId: string }) {
  const { t } = useTranslation();
  const { token, page, next, previous } = usePageTokens();
  const query = useValues(fileId, token);
  if (query.isPending) return <TableSkeleton />;
  if (!query.data) return <ErrorState error={query.error} onRetry={previous ?? (() => void query.refetch())} />;
  const { indicatorValues, nextPageToken } = query.data;
  if (page === 1 && indicatorValues.length === 0) {
    return <EmptyState title={t('isi.empty.title')} text={t('isi.empty.text')} />;
  }
  return (
    <Stack gap="sm" style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }} aria-busy={query.isPlaceholderData}>
      <StaleNotice error={query.error} />
      <Counts response={query.data} isWhole={page === 1 && nextPageToken === ''} />
      <ValueTable values={indicatorValues} />
      <Pager page={page} onPrevious={previous} onNext={nextPageToken ? () => next(nextPageToken) : undefined} />
    </Stack>
  );
}

function useValues(fileId: string, pageToken: string) {
  const { catalog } = useApi();
  return useQuery({
    queryKey: ['file', fileId, 'values', pageToken],
    queryFn: ({ signal }) => catalog.listIndicatorValues({ fileId, pageSize: PAGE_SIZE, pageToken }, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 60_000, // pages that were left are not kept for long
  });
}

/** How much is wrong, of what is seen: the server counts no further. */
function Counts({ response, isWhole }: { response: ListIndicatorValuesResponse; isWhole: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { indicatorValues: values } = response;
  const wrong = values.filter(({ failure }) => failure !== undefined).length;
  const counts = t('isi.values.counts', {
    count: values.length,
    total: format.number(values.length),
    wrong: format.number(wrong),
  });
  return (
    <Text size="sm" role="status">
      {isWhole ? counts : t('isi.values.onThisPage', { counts })}
    </Text>
  );
}
