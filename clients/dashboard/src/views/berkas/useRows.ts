import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect } from 'react';

/** What sticks to the top of the window above the rows: the shell's header and the table's own. */
export const STICKY_HEIGHT = 104;

interface RowsOptions {
  total: number;
  height: number;
  /** Of the first row, from the top of the document. */
  top: number;
  /** Stays there when it is scrolled out of sight: the focus is in it. */
  keptRow: number;
  onVisible: (first: number, last: number) => void;
}

export interface Rows {
  items: { index: number; offset: number }[];
  totalHeight: number;
  scrollToRow: (row: number) => void;
}

/** The rows that are to be there as the window is scrolled now. */
export function useRows({ total, height, top, keptRow, onVisible }: RowsOptions): Rows {
  const rangeExtractor = useCallback(
    (range: Range) => withRow(defaultRangeExtractor(range), keptRow < range.count ? keptRow : undefined),
    [keptRow],
  );
  const virtualizer = useWindowVirtualizer({
    count: total,
    estimateSize: () => height,
    overscan: 6,
    scrollMargin: top,
    scrollPaddingStart: STICKY_HEIGHT,
    scrollPaddingEnd: 8,
    rangeExtractor,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, height]);
  const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: 0 };
  useEffect(() => onVisible(startIndex, endIndex), [onVisible, startIndex, endIndex]);
  return {
    items: virtualizer.getVirtualItems().map(({ index, start }) => ({ index, offset: start - top })),
    totalHeight: virtualizer.getTotalSize(),
    scrollToRow: (row) => virtualizer.scrollToIndex(row),
  };
}

function withRow(rows: number[], row: number | undefined): number[] {
  return row === undefined || rows.includes(row) ? rows : [...rows, row].sort((a, b) => a - b);
}
