import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../i18n/format';
import { type Counts, statesIn, totalOf } from './figures';
import classes from './Ringkasan.module.css';
import { useStateWord } from './useStateWord';

export interface CountsRow {
  key: string;
  /** One cell for each of `headings`; the first names the row. */
  names: readonly string[];
  counts: Counts;
}

interface CountsTableProps {
  caption: string;
  headings: readonly string[];
  rows: readonly CountsRow[];
}

/** Counts by state as a table. Scrolls where it has no room. */
export function CountsTable({ caption, headings, rows }: CountsTableProps) {
  const { t } = useTranslation();
  const stateWord = useStateWord();
  const states = statesIn(rows.map(({ counts }) => counts));
  return (
    // It can be focused, as the keyboard must be able to scroll it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.tableScroll} role="region" aria-label={caption} tabIndex={0}>
      <Table withTableBorder striped stickyHeader className={classes.table}>
        <Table.Caption>{caption}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {headings.map((heading) => (
              <Table.Th key={heading} scope="col">
                {heading}
              </Table.Th>
            ))}
            {states.map((state) => (
              <Table.Th key={state} scope="col" ta="right">
                {stateWord(state)}
              </Table.Th>
            ))}
            <Table.Th scope="col" ta="right">
              {t('ringkasan.table.total')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Row key={row.key} row={row} states={states} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Row({ row: { names, counts }, states }: { row: CountsRow; states: ReturnType<typeof statesIn> }) {
  const format = useFormat();
  const [first, ...others] = names;
  return (
    <Table.Tr>
      <Table.Th scope="row">{first}</Table.Th>
      {others.map((name) => (
        <Table.Td key={name}>{name}</Table.Td>
      ))}
      {states.map((state) => (
        <Table.Td key={state} ta="right">
          {format.number(counts.get(state) ?? 0)}
        </Table.Td>
      ))}
      <Table.Td ta="right">{format.number(totalOf(counts))}</Table.Td>
    </Table.Tr>
  );
}
