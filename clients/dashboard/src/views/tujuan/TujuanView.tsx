import { SimpleGrid, Skeleton, Text } from '@mantine/core';
import IconServerOff from '@tabler/icons-react/icons/IconServerOff';
import { useTranslation } from 'react-i18next';

import { useTargets } from '../../api/useTargets';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Page } from '../../components/Page';
import { StaleNotice } from '../../components/StaleNotice';
import { usePermissions } from '../../session/useSession';
import { TargetCard } from './TargetCard';

const REFRESH_MS = 4_000;

export default function TujuanView() {
  const { t } = useTranslation();
  const { can } = usePermissions();
  return (
    <Page title={t('tujuan.title')} lead={t('tujuan.lead')}>
      <Targets />
      {!can('manage-targets') && (
        <Text size="sm" c="dimmed">
          {t('tujuan.readOnly')}
        </Text>
      )}
    </Page>
  );
}

function Targets() {
  const { t } = useTranslation();
  const { data, error, refetch } = useTargets({ refreshMs: REFRESH_MS });
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Loading />;
  if (data.length === 0) {
    return <EmptyState icon={IconServerOff} title={t('tujuan.empty')} text={t('tujuan.emptyText')} />;
  }
  return (
    <>
      <StaleNotice error={error} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" style={{ alignItems: 'start' }}>
        {data.map((target) => (
          <TargetCard key={target.target} target={target} />
        ))}
      </SimpleGrid>
    </>
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" role="status" aria-label={t('app.loading')}>
      <Skeleton height={320} />
      <Skeleton height={320} />
    </SimpleGrid>
  );
}
