import { SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { useSummary } from '../../api/useSummary';
import { toDate } from '../../api/timestamps';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Page } from '../../components/Page';
import { StaleNotice } from '../../components/StaleNotice';
import { TimeAgo } from '../../components/TimeAgo';
import type { GetSummaryResponse } from '../../gen/satudata/integration/v1/integration_service_pb';
import { DaysPanel } from './DaysPanel';
import { targetsIn } from './figures';
import { NowPanel } from './NowPanel';
import { readPeriod, writePeriod } from './period';
import { StatePatterns } from './statePaint';
import { Tiles } from './Tiles';
import { TurnsPanel } from './TurnsPanel';
import { UrusanPanel } from './UrusanPanel';

const REFRESH_MS = 30_000;

export default function RingkasanView() {
  const { t } = useTranslation();
  const [parameters] = useSearchParams();
  const { data, error, isPlaceholderData, refetch } = useSummary({
    dayCount: readPeriod(parameters),
    refreshMs: REFRESH_MS,
  });
  return (
    <Page title={t('ringkasan.title')} lead={data && <ReadTime summary={data} />}>
      {data && <StaleNotice error={error} />}
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <Loading />}
      {data && <Content summary={data} isFading={isPlaceholderData} />}
    </Page>
  );
}

function ReadTime({ summary }: { summary: GetSummaryResponse }) {
  const { t } = useTranslation();
  return (
    <>
      {t('ringkasan.asOf')} <TimeAgo date={toDate(summary.readTime)} />
    </>
  );
}

function Content({ summary, isFading }: { summary: GetSummaryResponse; isFading: boolean }) {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const targets = targetsIn(summary);
  if (summary.fileCount === 0n && targets.length === 0) {
    return <EmptyState title={t('ringkasan.empty')} text={t('ringkasan.emptyText')} />;
  }
  return (
    <>
      <StatePatterns />
      <Tiles summary={summary} targets={targets} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <NowPanel targets={targets} targetCounts={summary.targetCounts} />
        <TurnsPanel turns={summary.turns} />
      </SimpleGrid>
      {targets.length > 0 && (
        <DaysPanel
          days={summary.days}
          targets={targets}
          period={readPeriod(parameters)}
          onPeriod={(days) => setParameters((current) => writePeriod(current, days), { replace: true })}
          isFading={isFading}
        />
      )}
      <UrusanPanel urusans={summary.urusans} targets={targets} />
    </>
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <Stack gap="md" role="status" aria-label={t('app.loading')}>
      <Skeleton height={110} />
      <Skeleton height={280} />
      <Skeleton height={320} />
    </Stack>
  );
}
