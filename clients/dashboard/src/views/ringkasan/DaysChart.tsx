import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type PointerEvent, useState } from 'react';

import { useFormat } from '../../i18n/format';
import { labelledPlaces, ticksFor } from './axis';
import { CountsTooltip } from './CountsTooltip';
import classes from './DaysChart.module.css';
import { type DayRow, statesIn } from './figures';
import { statePaint } from './statePaint';
import { useDayFormat } from './useDayFormat';

const DATE_PX = 64;
/** Of the place of a day. */
const BAR = 0.76;
const WIDEST_PX = 48;

interface DaysChartProps {
  title: string;
  rows: readonly DayRow[];
  height: number;
}

/** A bar a day, of all states; the one that is pointed at, or chosen with the arrow keys, says what it is made of. */
export function DaysChart({ title, rows, height }: DaysChartProps) {
  const format = useFormat();
  const ticks = ticksFor(Math.max(...rows.map(({ total }) => total)));
  const top = ticks.at(-1) ?? 1;
  const { ref, width } = useElementSize();
  const { at, ...handlers } = useChosenDay(rows.length);
  return (
    <figure className={classes.chart}>
      <div className={classes.scale} style={{ height }} aria-hidden>
        {ticks.map((tick) => (
          <span key={tick} style={{ bottom: percent(tick / top) }}>
            {format.number(tick)}
          </span>
        ))}
        {/* Makes the column as wide as its widest number. */}
        <span className={classes.widest}>{format.number(top)}</span>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the days are reached with the arrow keys */}
      <div ref={ref} className={classes.plot} role="group" aria-label={title} tabIndex={0} {...handlers}>
        <svg width="100%" height={height} aria-hidden focusable={false}>
          {ticks.map((tick) => (
            <line key={tick} x1="0" x2="100%" y1={percent(1 - tick / top)} y2={percent(1 - tick / top)} />
          ))}
          {at !== undefined && <rect x={percent(at / rows.length)} width={percent(1 / rows.length)} height="100%" />}
          {rows.map((row, place) => (
            <DayBar key={row.date} row={row} place={place} of={rows.length} top={top} width={width} />
          ))}
        </svg>
        <Dates rows={rows} width={width} />
        <ChosenDay row={at === undefined ? undefined : rows[at]} share={((at ?? 0) + 0.5) / rows.length} />
      </div>
    </figure>
  );
}

const percent = (share: number) => `${share * 100}%`;

function useChosenDay(count: number) {
  const [at, setAt] = useState<number>();
  return {
    at: at === undefined ? undefined : Math.min(at, count - 1),
    onPointerMove: (event: PointerEvent) => {
      const { left, width } = event.currentTarget.getBoundingClientRect();
      setAt(Math.max(0, Math.min(count - 1, Math.floor(((event.clientX - left) / width) * count))));
    },
    onPointerLeave: () => setAt(undefined),
    onBlur: () => setAt(undefined),
    onKeyDown: (event: KeyboardEvent) => {
      const next = nextDay(event.key, at, count);
      if (next === 'ignored') return;
      event.preventDefault();
      setAt(next);
    },
  };
}

/** The keyboard begins at today. */
function nextDay(key: string, at: number | undefined, count: number): number | undefined | 'ignored' {
  if (key === 'ArrowLeft') return at === undefined ? count - 1 : Math.max(0, at - 1);
  if (key === 'ArrowRight') return at === undefined ? count - 1 : Math.min(count - 1, at + 1);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return key === 'Escape' && at !== undefined ? undefined : 'ignored';
}

interface DayBarProps {
  row: DayRow;
  place: number;
  of: number;
  /** What the whole height stands for. */
  top: number;
  /** Of the chart, in pixels. */
  width: number;
}

function DayBar({ row: { counts }, place, of, top, width }: DayBarProps) {
  const share = Math.min(BAR / of, width > 0 ? WIDEST_PX / width : 1);
  const states = statesIn([counts]);
  return states.map((state, index) => {
    const below = states.slice(0, index).reduce((sum, other) => sum + (counts.get(other) ?? 0), 0);
    const count = counts.get(state) ?? 0;
    return (
      <rect
        key={state}
        x={percent((place + 0.5) / of - share / 2)}
        y={percent(1 - (below + count) / top)}
        width={percent(share)}
        height={percent(count / top)}
        fill={statePaint(state)}
      />
    );
  });
}

function Dates({ rows, width }: { rows: readonly DayRow[]; width: number }) {
  const dayFormat = useDayFormat();
  return (
    <div className={classes.dates} aria-hidden>
      {labelledPlaces(rows.length, width, DATE_PX).map((at) => (
        <span key={at} style={{ left: percent((at + 0.5) / rows.length) }}>
          {dayFormat.short(rows[at]?.date ?? '')}
        </span>
      ))}
    </div>
  );
}

/** Always there, so that a screen reader notices what comes in. */
function ChosenDay({ row, share }: { row: DayRow | undefined; share: number }) {
  const dayFormat = useDayFormat();
  const side = share > 0.5 ? { right: percent(1 - share) } : { left: percent(share) };
  return (
    <div className={classes.chosen} style={side} aria-live="polite">
      {row && <CountsTooltip title={dayFormat.full(row.date)} counts={row.counts} />}
    </div>
  );
}
