import { Code, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { type Column, DataTable } from '../../components/DataTable';
import { FailureText } from '../../components/FailureText';
import { DeliveryStateBadge } from '../../components/StateBadge';
import { type Record as DeliveryRecord, Record_Change_Kind } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import type { pengirimanId } from './texts.id';

type ChangeWord = keyof (typeof pengirimanId)['records']['change'];

const CHANGE_WORDS: Partial<Record<Record_Change_Kind, ChangeWord>> = {
  [Record_Change_Kind.CREATE]: 'create',
  [Record_Change_Kind.UPDATE]: 'update',
  [Record_Change_Kind.SAME]: 'same',
  [Record_Change_Kind.WITHDRAW]: 'withdraw',
  [Record_Change_Kind.REFUSED]: 'refused',
};

export function RecordTable({ records }: { records: readonly DeliveryRecord[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: Column<DeliveryRecord>[] = [
    { key: 'key', header: t('pengiriman.records.key'), width: '20%', cell: ({ key }) => <Code>{key}</Code> },
    {
      key: 'value',
      header: t('pengiriman.records.value'),
      width: '18%',
      numeric: true,
      cell: (row) => <Value record={row} />,
    },
    {
      key: 'state',
      header: t('pengiriman.records.state'),
      width: '19%',
      cell: ({ state }) => <DeliveryStateBadge state={state} />,
    },
    {
      key: 'note',
      header: t('pengiriman.records.note'),
      cell: ({ failure }) => failure && <FailureText failure={failure} withCodes />,
    },
    { key: 'remoteId', header: t('pengiriman.records.remoteId'), width: '12%', cell: ({ remoteId }) => remoteId },
    {
      key: 'attempts',
      header: t('pengiriman.records.attempts'),
      width: '9%',
      numeric: true,
      cell: ({ attemptCount }) => format.number(attemptCount),
    },
  ];
  return <DataTable label={t('pengiriman.records.label')} columns={columns} rows={records} rowKey={({ key }) => key} />;
}

/** The value and, as far as known, what it does to that at the target. */
function Value({ record: { value, change } }: { record: DeliveryRecord }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = change && CHANGE_WORDS[change.kind];
  return (
    <div>
      {format.decimal(value)}
      {change && word && (
        <Text size="xs" c="dimmed">
          {t(`pengiriman.records.change.${word}`)}
          {change.oldValue !== '' &&
            change.oldValue !== value &&
            ` · ${t('pengiriman.records.from', { value: format.decimal(change.oldValue) })}`}
        </Text>
      )}
    </div>
  );
}
