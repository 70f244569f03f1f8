import { Bar, BarChart, ResponsiveContainer, Text, Tooltip, useChartWidth, XAxis, YAxis } from 'recharts';

import { urusanShort } from '../../components/urusan';
import { useFormat } from '../../i18n/format';
import { CountsTooltip } from './CountsTooltip';
import { statesIn, type UrusanRow } from './figures';
import classes from './Ringkasan.module.css';
import { statePaint } from './statePaint';

const INK = 'var(--mantine-color-text)';
const ROW_PX = 46;
const BAR_PX = 16;
/** What the figure at the end of a name may take. */
const FIGURE_PX = 64;

interface UrusanChartProps {
  title: string;
  rows: UrusanRow[];
}

/** A bar for each urusan, its name above it. A default export, as the charting library is loaded only where a chart is. */
export default function UrusanChart({ title, rows }: UrusanChartProps) {
  return (
    // It can be focused, as the keyboard must be able to scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.urusanScroll} role="region" aria-label={title} tabIndex={0}>
      <ResponsiveContainer width="100%" height={rows.length * ROW_PX}>
        <BarChart
          data={rows}
          layout="vertical"
          margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
          barSize={BAR_PX}
          accessibilityLayer={false}
        >
          <XAxis type="number" hide domain={[0, 'dataMax']} />
          <YAxis
            type="category"
            dataKey="kode"
            width={1}
            tickLine={false}
            axisLine={false}
            interval={0}
            tick={({ index, y }) => <Name row={rows[index]} y={Number(y)} />}
          />
          <Tooltip
            cursor={{ fill: 'var(--line)', opacity: 0.35 }}
            isAnimationActive={false}
            content={({ active, payload }) => {
              const row = payload[0]?.payload as UrusanRow | undefined;
              return active && row ? <CountsTooltip title={row.label} counts={row.counts} /> : null;
            }}
          />
          {statesIn(rows.map(({ counts }) => counts)).map((state) => (
            <Bar
              key={state}
              dataKey={({ counts }: UrusanRow) => counts.get(state) ?? 0}
              stackId="all"
              fill={statePaint(state)}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

/** Above the bar, where it has nearly the whole width; cut to one line. */
function Name({ row, y }: { row: UrusanRow | undefined; y: number }) {
  const format = useFormat();
  const width = useChartWidth() ?? 0;
  if (!row) return null;
  const baseline = y - BAR_PX / 2 - 4;
  return (
    <>
      <Text x={0} y={baseline} width={width - FIGURE_PX} maxLines={1} fill={INK}>
        {urusanShort(row.label)}
      </Text>
      <Text x={width} y={baseline} textAnchor="end" className={classes.urusanTotal} fill={INK}>
        {format.number(row.total)}
      </Text>
    </>
  );
}
