import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { EmptyState } from '../../components/EmptyState';
import { StateChips } from '../../components/StateChips';
import type { GetDeliveryResponse } from '../../gen/satudata/integration/v1/integration_service_pb';
import { useFormat } from '../../i18n/format';
import { useDeliveryFilter } from '../proses/useDeliveryFilter';
import { RecordTable } from './RecordTable';

/** What the delivery carries, and how each of it fared. */
export function Records({ response }: { response: GetDeliveryResponse }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [{ states }, change] = useDeliveryFilter();
  const { records, omittedRecordCount, delivery } = response;
  const counts = new Map((delivery?.recordCounts ?? []).map(({ state, count }) => [state, Number(count)]));
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0) || records.length;
  const shown = states.length === 0 ? records : records.filter(({ state }) => states.includes(state));
  return (
    <Stack component="section" gap="sm" aria-label={t('pengiriman.records.title')}>
      <div>
        <Title order={2} size="h4">
          {t('pengiriman.records.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('pengiriman.records.total', { count: total, n: format.number(total) })}
        </Text>
      </div>
      {(counts.size > 1 || states.length > 0) && (
        <StateChips
          label={t('pengiriman.records.state')}
          counts={counts}
          chosen={states}
          onChange={(chosen) => change({ states: chosen })}
        />
      )}
      {shown.length > 0 ? (
        <RecordTable records={shown} />
      ) : (
        <EmptyState title={t(records.length === 0 ? 'pengiriman.records.empty' : 'pengiriman.records.emptyFiltered')} />
      )}
      {omittedRecordCount > 0n && (
        <Text size="sm">
          {t('pengiriman.records.omitted', {
            count: Number(omittedRecordCount),
            n: format.number(omittedRecordCount),
          })}
        </Text>
      )}
    </Stack>
  );
}
