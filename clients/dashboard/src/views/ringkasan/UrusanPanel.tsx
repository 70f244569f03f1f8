import { SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { targetName } from '../../components/targetName';
import type { UrusanSummary } from '../../gen/satudata/integration/v1/integration_service_pb';
import { urusanShort } from '../../components/urusan';
import { useFormat } from '../../i18n/format';
import { CountsTable } from './CountsTable';
import { heldOf, type UrusanRow, urusanRows } from './figures';
import { Panel } from './Panel';
import { StateLegend } from './StateLegend';
import { UrusanChart } from './UrusanChart';

interface UrusanPanelProps {
  urusans: readonly UrusanSummary[];
  targets: readonly string[];
}

/** Where the indicator values of each urusan stand, at one target at a time. */
export function UrusanPanel({ urusans, targets }: UrusanPanelProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string>();
  const withRecords = targets.filter((target) => urusanRows(urusans, target).length > 0);
  const target = withRecords.find((candidate) => candidate === chosen) ?? withRecords[0];
  const texts = { title: t('ringkasan.urusan.title'), lead: t('ringkasan.urusan.lead') };
  if (target === undefined) {
    return (
      <Panel {...texts}>
        <Text size="sm">{t('ringkasan.urusan.none')}</Text>
      </Panel>
    );
  }
  const rows = urusanRows(urusans, target);
  return (
    <Panel
      {...texts}
      choice={withRecords.length > 1 && <TargetChoice targets={withRecords} target={target} onTarget={setChosen} />}
      table={<UrusanTable rows={rows} caption={t('ringkasan.urusan.chart', { target: targetName(target) })} />}
    >
      <Summary rows={rows} target={target} />
      <StateLegend counts={rows.map(({ counts }) => counts)} />
      <UrusanChart title={t('ringkasan.urusan.chart', { target: targetName(target) })} rows={rows} />
    </Panel>
  );
}

interface TargetChoiceProps {
  targets: readonly string[];
  target: string;
  onTarget: (target: string) => void;
}

function TargetChoice({ targets, target, onTarget }: TargetChoiceProps) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t('ringkasan.table.target')}
      data={targets.map((name) => ({ value: name, label: targetName(name) }))}
      value={target}
      onChange={onTarget}
    />
  );
}

function Summary({ rows, target }: { rows: readonly UrusanRow[]; target: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sum = (figure: (row: UrusanRow) => number) => rows.reduce((total, row) => total + figure(row), 0);
  return (
    <Text size="sm">
      {t('ringkasan.urusan.summary', {
        target: targetName(target),
        total: format.number(sum(({ total }) => total)),
        urusans: format.number(rows.length),
        held: format.number(sum(({ counts }) => heldOf(counts))),
        first: urusanShort(rows[0]?.label ?? ''),
      })}
    </Text>
  );
}

function UrusanTable({ rows, caption }: { rows: readonly UrusanRow[]; caption: string }) {
  const { t } = useTranslation();
  const tableRows = rows.map(({ kode, label, counts }) => ({ key: kode, names: [label], counts }));
  return <CountsTable caption={caption} headings={[t('ringkasan.table.urusan')]} rows={tableRows} />;
}
