import { useFormat } from '../../i18n/format';
import { type Counts, statesIn } from './figures';
import classes from './Ringkasan.module.css';
import { StateSwatch } from './statePaint';
import { useStateWord } from './useStateWord';

interface StateLegendProps {
  counts: readonly Counts[];
  /** Also how many, where the counts are those of one bar. */
  withCounts?: boolean;
}

/** What each colour and texture means, in words. */
export function StateLegend({ counts, withCounts = false }: StateLegendProps) {
  const format = useFormat();
  const stateWord = useStateWord();
  return (
    <ul className={classes.legend}>
      {statesIn(counts).map((state) => (
        <li key={state}>
          <StateSwatch state={state} />
          <span>{stateWord(state)}</span>
          {withCounts && <strong>{format.number(counts[0]?.get(state) ?? 0)}</strong>}
        </li>
      ))}
    </ul>
  );
}
