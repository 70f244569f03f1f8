import { Bar, BarChart, ResponsiveContainer, XAxis, YAxis } from 'recharts';

import { type Counts, statesIn, totalOf } from './figures';
import { statePaint } from './statePaint';

/** One bar of all states. A default export, as the charting library is loaded only where a chart is. */
export default function StatesBar({ counts, height }: { counts: Counts; height: number }) {
  return (
    <ResponsiveContainer width="100%" height={height}>
      <BarChart
        data={[counts]}
        layout="vertical"
        margin={{ top: 4, right: 0, bottom: 4, left: 0 }}
        accessibilityLayer={false}
      >
        <XAxis type="number" hide domain={[0, totalOf(counts)]} />
        <YAxis type="category" hide />
        {statesIn([counts]).map((state) => (
          <Bar
            key={state}
            dataKey={(row: Counts) => row.get(state) ?? 0}
            stackId="all"
            fill={statePaint(state)}
            stroke="var(--card-ground)"
            minPointSize={3}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}
