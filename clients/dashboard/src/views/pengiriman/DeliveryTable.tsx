import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { toDate } from '../../api/timestamps';
import { CountsBar } from '../../components/CountsBar';
import { type Column, DataTable } from '../../components/DataTable';
import { FailureText } from '../../components/FailureText';
import { DeliveryStateBadge } from '../../components/StateBadge';
import { targetName } from '../../components/targetName';
import { TimeAgo } from '../../components/TimeAgo';
import type { Delivery } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { DeliveryName } from './DeliveryName';

interface DeliveryTableProps {
  label: string;
  deliveries: readonly Delivery[];
}

export function DeliveryTable({ label, deliveries }: DeliveryTableProps) {
  const { t } = useTranslation();
  const columns: Column<Delivery>[] = [
    {
      key: 'file',
      header: t('pengiriman.table.file'),
      width: '28%',
      cell: (delivery) => <DeliveryName delivery={delivery} />,
    },
    { key: 'target', header: t('pengiriman.table.target'), width: '9%', cell: ({ target }) => targetName(target) },
    { key: 'state', header: t('pengiriman.table.state'), width: '20%', cell: (row) => <State delivery={row} /> },
    { key: 'note', header: t('pengiriman.table.note'), cell: (row) => <DeliveryNote delivery={row} /> },
    {
      key: 'updated',
      header: t('pengiriman.table.updated'),
      width: '13%',
      cell: ({ updateTime }) => updateTime && <TimeAgo date={toDate(updateTime)} />,
    },
  ];
  return <DataTable label={label} columns={columns} rows={deliveries} rowKey={({ deliveryId }) => deliveryId} />;
}

function State({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const format = useFormat();
  const next = toDate(delivery.nextAttemptTime);
  return (
    <div>
      <DeliveryStateBadge state={delivery.state} />
      {next && (
        <Text size="xs" mt={4}>
          {t('pengiriman.again', { time: format.dateTime(next) })}
        </Text>
      )}
    </div>
  );
}

/** Nothing where there is nothing to say: one record that fares as its delivery does. */
function DeliveryNote({ delivery: { failure, recordCounts } }: { delivery: Delivery }) {
  const records = recordCounts.reduce((sum, { count }) => sum + count, 0n);
  if (!failure && records <= 1n) return null;
  return (
    <Stack gap={4}>
      {failure && <FailureText failure={failure} />}
      {records > 1n && <CountsBar counts={recordCounts} />}
    </Stack>
  );
}
