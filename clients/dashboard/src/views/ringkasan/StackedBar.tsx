import { type Counts, statesIn } from './figures';
import classes from './Ringkasan.module.css';
import { statePaint } from './statePaint';

/** One bar of all states, as wide as it may be. What there is little of can still be seen. Says nothing by itself. */
export function StackedBar({ counts, height }: { counts: Counts; height: number }) {
  return (
    <div className={classes.stack} style={{ height }} aria-hidden>
      {statesIn([counts]).map((state) => (
        <svg key={state} style={{ flexGrow: counts.get(state) ?? 0 }} focusable={false}>
          <rect width="100%" height="100%" fill={statePaint(state)} />
        </svg>
      ))}
    </div>
  );
}
