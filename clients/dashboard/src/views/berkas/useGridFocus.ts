// Moves through the table by keyboard as a grid: one stop for Tab, arrows from there.
import { type KeyboardEvent, type FocusEvent, type RefObject, useEffect, useRef, useState } from 'react';

interface Position {
  row: number;
  column: number;
}

interface GridFocusOptions {
  gridRef: RefObject<HTMLElement | null>;
  rowCount: number;
  columnCount: number;
}

interface Scrolling {
  /** How many rows a screen holds. */
  pageRows: number;
  scrollToRow: (row: number) => void;
}

export interface GridFocus {
  active: Position;
  onKeyDown: (event: KeyboardEvent, scrolling: Scrolling) => void;
  onFocus: (event: FocusEvent) => void;
}

export function useGridFocus({ gridRef, rowCount, columnCount }: GridFocusOptions): GridFocus {
  const [wanted, setActive] = useState<Position>({ row: 0, column: 0 });
  const active = {
    row: Math.max(0, Math.min(wanted.row, rowCount - 1)),
    column: Math.max(0, Math.min(wanted.column, columnCount - 1)),
  };
  const due = useRef<Position>(undefined);
  // The row may have to be scrolled to first; it is there some renders later.
  useEffect(() => {
    const target = gridRef.current && focusTarget(gridRef.current, due.current ?? active);
    // A cell that was gone to before its row was loaded hands the focus on to its control.
    const isHeldByCell = target?.closest('[data-column]') === document.activeElement;
    if (!target || !(due.current || isHeldByCell)) return;
    due.current = undefined;
    target.focus({ preventScroll: true });
  });
  return {
    active,
    onKeyDown: (event, { pageRows, scrollToRow }) => {
      const next = moved(event, active, { rowCount, columnCount, pageRows });
      if (!next || event.altKey || event.metaKey) return;
      event.preventDefault();
      due.current = next;
      setActive(next);
      if (next.row !== active.row) scrollToRow(next.row);
    },
    onFocus: (event) => {
      const position = positionOf(event.target);
      if (position && (position.row !== active.row || position.column !== active.column)) setActive(position);
    },
  };
}

interface Size {
  rowCount: number;
  columnCount: number;
  pageRows: number;
}

function moved({ key, ctrlKey }: KeyboardEvent, { row, column }: Position, size: Size): Position | undefined {
  const lastRow = size.rowCount - 1;
  const lastColumn = size.columnCount - 1;
  const toRow = (to: number) => ({ row: Math.max(0, Math.min(to, lastRow)), column });
  const toColumn = (to: number) => ({ row, column: Math.max(0, Math.min(to, lastColumn)) });
  switch (key) {
    case 'ArrowDown':
      return toRow(row + 1);
    case 'ArrowUp':
      return toRow(row - 1);
    case 'PageDown':
      return toRow(row + size.pageRows);
    case 'PageUp':
      return toRow(row - size.pageRows);
    case 'ArrowRight':
      return toColumn(column + 1);
    case 'ArrowLeft':
      return toColumn(column - 1);
    case 'Home':
      return ctrlKey ? { row: 0, column: 0 } : toColumn(0);
    case 'End':
      return ctrlKey ? { row: lastRow, column: lastColumn } : toColumn(lastColumn);
    default:
      return undefined;
  }
}

/** What takes the focus in a cell: its control where it has one. */
function focusTarget(grid: HTMLElement, { row, column }: Position): HTMLElement | null {
  const cell = grid.querySelector<HTMLElement>(`[data-row="${row}"] > [data-column="${column}"]`);
  return cell?.querySelector<HTMLElement>('[data-grid-focus]') ?? cell;
}

function positionOf(element: Element): Position | undefined {
  const cell = element.closest<HTMLElement>('[data-column]');
  const row = cell?.closest<HTMLElement>('[data-row]')?.dataset.row;
  return cell && row !== undefined ? { row: Number(row), column: Number(cell.dataset.column) } : undefined;
}
