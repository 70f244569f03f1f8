import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';

import { useFormat } from '../../i18n/format';
import { CountsTooltip } from './CountsTooltip';
import { type DayRow, statesIn } from './figures';
import classes from './Ringkasan.module.css';
import { statePaint } from './statePaint';
import { useDayFormat } from './useDayFormat';

const TICK = { fill: 'var(--mantine-color-text)' };

interface DaysChartProps {
  title: string;
  rows: DayRow[];
  height: number;
}

/** A bar a day, of all states. A default export, as the charting library is loaded only where a chart is. */
export default function DaysChart({ title, rows, height }: DaysChartProps) {
  const format = useFormat();
  const dayFormat = useDayFormat();
  return (
    <figure className={classes.chart} aria-label={title}>
      <ResponsiveContainer width="100%" height={height}>
        <BarChart data={rows} margin={{ top: 4, right: 4, bottom: 0, left: 0 }} barCategoryGap="12%" maxBarSize={48}>
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis dataKey="date" tickFormatter={dayFormat.short} minTickGap={24} tick={TICK} tickLine={false} />
          <YAxis
            tickFormatter={format.number}
            allowDecimals={false}
            width="auto"
            tick={TICK}
            tickLine={false}
            axisLine={false}
          />
          <Tooltip
            cursor={{ fill: 'var(--line)', opacity: 0.5 }}
            isAnimationActive={false}
            content={({ active, payload }) => {
              const row = payload[0]?.payload as DayRow | undefined;
              return active && row ? <CountsTooltip title={dayFormat.full(row.date)} counts={row.counts} /> : null;
            }}
          />
          {statesIn(rows.map(({ counts }) => counts)).map((state) => (
            <Bar
              key={state}
              dataKey={({ counts }: DayRow) => counts.get(state) ?? 0}
              stackId="all"
              fill={statePaint(state)}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}
