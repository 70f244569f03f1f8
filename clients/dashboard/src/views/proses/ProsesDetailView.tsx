import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { toFailure } from '../../api/failure';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Page } from '../../components/Page';
import { StaleNotice } from '../../components/StaleNotice';
import { TableSkeleton } from '../../components/TableSkeleton';
import { BackToRuns } from './BackToRuns';
import { RunDetail } from './RunDetail';
import { useRunQuery } from './useRun';

export default function ProsesDetailView() {
  const { t } = useTranslation();
  const { runId = '' } = useParams();
  const query = useRunQuery(runId);
  const isGone = query.isError && toFailure(query.error).reason === 'RUN_NOT_FOUND';
  if (isGone) return <GoneRun />;
  if (query.data) {
    return <RunDetail key={runId} known={query.data} notice={<StaleNotice error={query.error} />} />;
  }
  return (
    <Page title={t('proses.title')} lead={<BackToRuns />}>
      {query.isPending ? <TableSkeleton /> : <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
    </Page>
  );
}

function GoneRun() {
  const { t } = useTranslation();
  const back = (
    <Button component={Link} to="/proses" variant="light">
      {t('proses.gone.back')}
    </Button>
  );
  return (
    <Page title={t('proses.title')}>
      <EmptyState title={t('proses.gone.title')} text={t('proses.gone.text')} action={back} />
    </Page>
  );
}
