import { Bar, BarChart, CartesianGrid, Tooltip, type TooltipContentProps, XAxis, YAxis } from 'recharts';

import { useFormat } from '../../i18n/format';
import { CountsTooltip } from './CountsTooltip';
import { type DayRow, statesIn } from './figures';
import classes from './Ringkasan.module.css';
import { statePaint } from './statePaint';
import { useDayFormat } from './useDayFormat';

const TICK = { fill: 'var(--mantine-color-text)' };
const WIDEST_PX = 48;

interface DaysChartProps {
  title: string;
  rows: DayRow[];
  height: number;
}

/**
 * A bar a day, of all states; the one that is pointed at, or chosen with the arrow keys, says what it is made of. A
 * default export, as the charting library is loaded where a chart is, and after the figures.
 */
export default function DaysChart({ title, rows, height }: DaysChartProps) {
  const format = useFormat();
  const dayFormat = useDayFormat();
  return (
    <figure className={classes.chart}>
      <BarChart
        responsive
        style={{ width: '100%', height }}
        data={rows}
        margin={{ top: 8, right: 16, bottom: 0, left: 0 }}
        barCategoryGap="12%"
        maxBarSize={WIDEST_PX}
        aria-label={title}
      >
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
          content={ChosenDay}
          cursor={{ fill: 'var(--line)', opacity: 0.5 }}
          isAnimationActive={false}
          // A screen reader only notices what comes into a place that was there.
          wrapperStyle={{ visibility: 'visible' }}
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
    </figure>
  );
}

function ChosenDay({ active, payload }: TooltipContentProps) {
  const dayFormat = useDayFormat();
  const row = active ? (payload[0]?.payload as DayRow | undefined) : undefined;
  return <div role="status">{row && <CountsTooltip title={dayFormat.full(row.date)} counts={row.counts} />}</div>;
}
