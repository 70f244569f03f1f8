import { Code, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { type Column, DataTable } from '../../components/DataTable';
import { FailureText } from '../../components/FailureText';
import type { IndicatorValue } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { usePlaceWords } from './usePlaceWords';

/** What stands in the file beside what it is taken for. */
export function ValueTable({ values }: { values: readonly IndicatorValue[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const placeWords = usePlaceWords();
  const columns: Column<IndicatorValue>[] = [
    { key: 'code', header: t('isi.columns.code'), width: '17%', cell: (value) => <IndicatorCode value={value} /> },
    {
      key: 'year',
      header: t('isi.columns.year'),
      width: '9%',
      numeric: true,
      cell: ({ tahun }) => <Written text={tahun} />,
    },
    {
      key: 'raw',
      header: t('isi.columns.raw'),
      width: '14%',
      numeric: true,
      cell: ({ rawValue }) => <Written text={rawValue} />,
    },
    {
      key: 'value',
      header: t('isi.columns.value'),
      width: '14%',
      numeric: true,
      cell: ({ value }) => value && format.decimal(value),
    },
    { key: 'place', header: t('isi.columns.place'), width: '14%', cell: placeWords },
    {
      key: 'wrong',
      header: t('isi.columns.wrong'),
      cell: ({ failure }) => failure && <FailureText failure={failure} />,
    },
  ];
  return (
    <DataTable
      label={t('isi.values.label')}
      columns={columns}
      rows={values}
      rowKey={({ position }) => String(position)}
    />
  );
}

function IndicatorCode({ value: { kodeindikator, kodepemda } }: { value: IndicatorValue }) {
  const { t } = useTranslation();
  return (
    <>
      {kodeindikator ? <Code>{kodeindikator}</Code> : <Written text="" />}
      {kodepemda !== '' && (
        <Text size="xs" c="dimmed">
          {t('isi.kodepemda', { kodepemda })}
        </Text>
      )}
    </>
  );
}

/** As it stands in the file; what is not there is said, as it may be what is wrong. */
function Written({ text }: { text: string }) {
  const { t } = useTranslation();
  if (text.trim() !== '') return <span style={{ overflowWrap: 'anywhere' }}>{text}</span>;
  return (
    <Text size="sm" c="dimmed" component="span">
      {t('isi.blank')}
    </Text>
  );
}
