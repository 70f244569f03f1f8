// How the table is laid out at a width: all columns, fewer, or a card per file.

export type TableLayout = 'wide' | 'medium' | 'narrow';

const TARGET_WIDTH = 164;

/** The least widths at which the columns fit. */
export function layoutFor(width: number, targetCount: number): TableLayout {
  const base = 440 + TARGET_WIDTH * targetCount;
  if (width >= base + 400) return 'wide';
  return width >= base ? 'medium' : 'narrow';
}

/** All rows of a layout are equally high, so that any of a hundred thousand can be gone to at once. */
export function rowHeight(layout: TableLayout, targetCount: number): number {
  return layout === 'narrow' ? 86 + 30 * (targetCount + 1) : 76;
}

export type ColumnId = 'select' | 'name' | 'theme' | 'producer' | 'verification' | 'sync' | `target:${string}`;

export function columnsOf(layout: TableLayout, targets: readonly string[], canSelect: boolean): ColumnId[] {
  const select: ColumnId[] = canSelect ? ['select'] : [];
  const details: ColumnId[] = layout === 'wide' ? ['theme', 'producer'] : [];
  const states = targets.map((target): ColumnId => `target:${target}`);
  return [...select, 'name', ...details, 'verification', ...states, 'sync'];
}

/** The target of a column that shows one. */
export function targetOf(column: ColumnId): string | undefined {
  return column.startsWith('target:') ? column.slice('target:'.length) : undefined;
}

const WIDTHS: Partial<Record<ColumnId, string>> = {
  select: '44px',
  name: 'minmax(150px, 1.7fr)',
  theme: 'minmax(128px, 0.9fr)',
  producer: 'minmax(130px, 1fr)',
  verification: '158px',
  sync: '124px',
};

/** For grid-template-columns. */
export function gridTemplate(columns: readonly ColumnId[]): string {
  return columns.map((column) => WIDTHS[column] ?? `${TARGET_WIDTH}px`).join(' ');
}
