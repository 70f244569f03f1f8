/* eslint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role --
   where the style sheet makes cards of rows, some browsers forget what a table's elements are unless they are told */
import { Box } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';

import classes from './DataTable.module.css';

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Of the table, for example `30%`; what is left is shared. */
  width?: string;
  numeric?: boolean;
}

interface DataTableProps<Row> {
  /** What the table holds, for screen readers. */
  label: string;
  /** The first one names the row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
}

/** Longer tables scroll in a box of their own and draw only what is seen. */
const DRAWN_WHOLE = 100;
const ROW_HEIGHT = 56;

/** A table that becomes a list of cards where there is no room for columns. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  return props.rows.length > DRAWN_WHOLE ? <LongTable {...props} /> : <ShortTable {...props} />;
}

function ShortTable<Row>({ label, columns, rows, rowKey }: DataTableProps<Row>) {
  return (
    <div className={classes.frame}>
      <table className={classes.table} role="table" aria-label={label}>
        <Head columns={columns} />
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              <Cells columns={columns} row={row} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function LongTable<Row>({ label, columns, rows, rowKey }: DataTableProps<Row>) {
  const boxRef = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is memoised by hand or by a compiler
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => boxRef.current,
    estimateSize: () => ROW_HEIGHT,
    // A row without a height has not been laid out.
    measureElement: (element) => element.getBoundingClientRect().height || ROW_HEIGHT,
    initialRect: { width: 800, height: 600 }, // until it is laid out, so that nothing is empty at first
    overscan: 8,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
  });
  const items = virtualizer.getVirtualItems();
  const end = items.at(-1)?.end ?? 0;
  return (
    <Box ref={boxRef} className={`${classes.frame} ${classes.box}`} tabIndex={0} role="region" aria-label={label}>
      <table className={classes.table} role="table" aria-label={label} aria-rowcount={rows.length + 1}>
        <Head columns={columns} />
        <tbody role="rowgroup">
          <Gap height={items[0]?.start ?? 0} />
          {items.map(({ index, key }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr key={key} role="row" aria-rowindex={index + 2} data-index={index} ref={virtualizer.measureElement}>
                <Cells columns={columns} row={row} />
              </tr>
            );
          })}
          <Gap height={virtualizer.getTotalSize() - end} />
        </tbody>
      </table>
    </Box>
  );
}

function Head<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return (
    <thead role="rowgroup">
      <tr role="row">
        {columns.map(({ key, header, width, numeric }) => (
          <th
            key={key}
            role="columnheader"
            scope="col"
            style={{ width }}
            className={numeric ? classes.numeric : undefined}
          >
            {header}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Cells<Row>({ columns, row }: { columns: readonly Column<Row>[]; row: Row }) {
  return columns.map(({ key, header, cell, numeric }, at) => {
    const className = numeric ? classes.numeric : undefined;
    return at === 0 ? (
      <th key={key} role="rowheader" scope="row" className={className}>
        {cell(row)}
      </th>
    ) : (
      <td key={key} role="cell" data-label={header} className={className}>
        {cell(row)}
      </td>
    );
  });
}

function Gap({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden role="presentation" className={classes.gap} style={{ height }} /> : null;
}
