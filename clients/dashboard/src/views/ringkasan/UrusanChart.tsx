import { Tooltip } from '@mantine/core';

import { urusanShort } from '../../components/urusan';
import { useFormat } from '../../i18n/format';
import { CountsTooltip } from './CountsTooltip';
import type { UrusanRow } from './figures';
import classes from './Ringkasan.module.css';
import { StackedBar } from './StackedBar';

const BAR_PX = 16;

interface UrusanChartProps {
  title: string;
  /** The largest first. */
  rows: readonly UrusanRow[];
}

/** A bar for each urusan, its name above it. */
export function UrusanChart({ title, rows }: UrusanChartProps) {
  const largest = rows[0]?.total ?? 1;
  return (
    // It can be focused, as the keyboard must be able to scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.urusanScroll} role="region" aria-label={title} tabIndex={0}>
      <ul className={classes.urusans}>
        {rows.map((row) => (
          <Urusan key={row.kode} row={row} share={row.total / largest} />
        ))}
      </ul>
    </div>
  );
}

function Urusan({ row: { label, counts, total }, share }: { row: UrusanRow; share: number }) {
  const format = useFormat();
  return (
    <Tooltip.Floating
      label={<CountsTooltip title={label} counts={counts} />}
      classNames={{ tooltip: classes.urusanTooltip ?? '' }}
      multiline
    >
      <li>
        <div className={classes.urusanName}>
          <span>{urusanShort(label)}</span>
          <strong>{format.number(total)}</strong>
        </div>
        <div style={{ width: `${share * 100}%` }}>
          <StackedBar counts={counts} height={BAR_PX} />
        </div>
      </li>
    </Tooltip.Floating>
  );
}
