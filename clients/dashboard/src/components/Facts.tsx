import type { ReactNode } from 'react';

import classes from './Facts.module.css';

interface FactsProps {
  label: string;
  /** A fact without a value is left out. */
  facts: readonly (readonly [name: string, value: ReactNode])[];
}

/** Names and values of one thing, side by side as far as there is room. */
export function Facts({ label, facts }: FactsProps) {
  return (
    <dl className={classes.facts} aria-label={label}>
      {facts
        .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
