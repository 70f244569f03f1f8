import { SegmentedControl, Skeleton, Stack, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { targetName } from '../../components/targetName';
import type { DaySummary } from '../../gen/satudata/integration/v1/integration_service_pb';
import { useFormat } from '../../i18n/format';
import { CountsTable } from './CountsTable';
import { type DayRow, dayRows, periodOf } from './figures';
import { Panel } from './Panel';
import { type PeriodDays, PERIODS } from './period';
import { StateLegend } from './StateLegend';
import { useDayFormat } from './useDayFormat';

const DaysChart = lazy(() => import('./DaysChart'));
const CHART_PX = 240;

interface DaysPanelProps {
  days: readonly DaySummary[];
  targets: readonly string[];
  period: PeriodDays;
  onPeriod: (days: PeriodDays) => void;
  /** What is shown is about to be replaced. */
  isFading: boolean;
}

/** What each day brought, a chart for each target. */
export function DaysPanel({ days, targets, period, onPeriod, isFading }: DaysPanelProps) {
  const { t } = useTranslation();
  const byTarget = targets.map((target) => ({ target, rows: dayRows(days, target) }));
  return (
    <Panel
      title={t('ringkasan.days.title')}
      lead={t('ringkasan.days.lead')}
      choice={<PeriodChoice period={period} onPeriod={onPeriod} />}
      table={<DaysTable byTarget={byTarget} />}
    >
      <Stack gap="lg" aria-busy={isFading} style={{ opacity: isFading ? 0.55 : 1 }}>
        {byTarget.map(({ target, rows }) => (
          <TargetDays key={target} target={target} rows={rows} />
        ))}
      </Stack>
      <StateLegend counts={byTarget.flatMap(({ rows }) => rows.map(({ counts }) => counts))} />
    </Panel>
  );
}

function PeriodChoice({ period, onPeriod }: Pick<DaysPanelProps, 'period' | 'onPeriod'>) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <SegmentedControl
      aria-label={t('ringkasan.days.period')}
      data={PERIODS.map((days) => ({
        value: String(days),
        label: t('ringkasan.days.choice', { shown: format.number(days) }),
      }))}
      value={String(period)}
      onChange={(value) => onPeriod(PERIODS.find((days) => String(days) === value) ?? period)}
    />
  );
}

function TargetDays({ target, rows }: { target: string; rows: DayRow[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const dayFormat = useDayFormat();
  const { total, held, busiest } = periodOf(rows);
  const name = targetName(target);
  const days = format.number(rows.length);
  if (!busiest) return <Text size="sm">{t('ringkasan.days.nothing', { target: name, days })}</Text>;
  return (
    <div>
      <Text size="sm" mb={6}>
        {t('ringkasan.days.summary', {
          target: name,
          days,
          total: format.number(total),
          held: format.number(held),
          most: format.number(busiest.total),
          date: dayFormat.full(busiest.date),
        })}
      </Text>
      <Suspense fallback={<Skeleton height={CHART_PX} />}>
        <DaysChart title={t('ringkasan.days.chart', { target: name })} rows={rows} height={CHART_PX} />
      </Suspense>
    </div>
  );
}

/** Newest first: who reads the table looks for what was lately. */
function DaysTable({ byTarget }: { byTarget: readonly { target: string; rows: DayRow[] }[] }) {
  const { t } = useTranslation();
  const dayFormat = useDayFormat();
  const rows = byTarget.flatMap(({ target, rows: own }) =>
    own.map(({ date, counts }) => ({
      key: `${date} ${target}`,
      date,
      names: [dayFormat.full(date), targetName(target)],
      counts,
    })),
  );
  rows.sort((a, b) => b.date.localeCompare(a.date));
  const headings = [t('ringkasan.table.day'), t('ringkasan.table.target')];
  return <CountsTable caption={t('ringkasan.days.title')} headings={headings} rows={rows} />;
}
