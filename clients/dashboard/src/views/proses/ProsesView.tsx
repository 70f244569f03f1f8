import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Page } from '../../components/Page';
import { StaleNotice } from '../../components/StaleNotice';
import { TableSkeleton } from '../../components/TableSkeleton';
import { Run_Kind, Run_State } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { RunFilters } from './RunFilters';
import { RunTable } from './RunTable';
import { type RunFilter, useRunFilter } from './useRunFilter';
import { useRunList } from './useRunList';

export default function ProsesView() {
  const { t } = useTranslation();
  const [filter, change] = useRunFilter();
  return (
    <Page title={t('proses.title')} lead={t('proses.lead')}>
      <RunFilters filter={filter} onChange={change} />
      <RunList filter={filter} />
    </Page>
  );
}

function RunList({ filter }: { filter: RunFilter }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useRunList(filter);
  if (list.isPending) return <TableSkeleton />;
  if (!list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const runs = list.data.pages.flatMap((page) => page.runs);
  if (runs.length === 0) return <NoRuns filter={filter} />;
  return (
    <>
      <StaleNotice error={list.error} />
      <RunTable runs={runs} />
      <Group justify="center" gap="sm">
        <Text size="sm" c="dimmed" role="status">
          {t('proses.list.shown', { count: runs.length, n: format.number(runs.length) })}
        </Text>
        {list.hasNextPage && (
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('proses.list.more')}
          </Button>
        )}
      </Group>
    </>
  );
}

function NoRuns({ filter }: { filter: RunFilter }) {
  const { t } = useTranslation();
  const isFiltered = filter.state !== Run_State.UNSPECIFIED || filter.kind !== Run_Kind.UNSPECIFIED;
  if (isFiltered) {
    return <EmptyState title={t('proses.list.emptyFiltered')} text={t('proses.list.emptyFilteredText')} />;
  }
  const toFiles = (
    <Button component={Link} to="/" variant="light">
      {t('proses.list.emptyAction')}
    </Button>
  );
  return <EmptyState title={t('proses.list.empty')} text={t('proses.list.emptyText')} action={toFiles} />;
}
