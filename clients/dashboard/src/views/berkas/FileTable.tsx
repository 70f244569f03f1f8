import { type CSSProperties, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { FileRow, type RowActions } from './FileRow';
import classes from './FileTable.module.css';
import { columnsOf, gridTemplate, layoutFor, rowHeight } from './layout';
import { TableHead } from './TableHead';
import { useGridFocus } from './useGridFocus';
import type { FilePages } from './useFilePages';
import { STICKY_HEIGHT, useRows } from './useRows';
import { usePlace } from './usePlace';
import type { Selection } from './useSelection';

interface FileTableProps {
  pages: FilePages;
  total: number;
  targets: readonly string[];
  /** Undefined for those who may not sync. */
  selection: Selection | undefined;
  onSelectAll: () => void;
  isRunning: (fileId: string) => boolean;
  actions: RowActions;
}

export function FileTable({ pages, total, targets, selection, onSelectAll, isRunning, actions }: FileTableProps) {
  const { t } = useTranslation();
  const gridRef = useRef<HTMLDivElement>(null);
  const bodyRef = useRef<HTMLDivElement>(null);
  const { width, top } = usePlace(bodyRef);
  const layout = layoutFor(width, targets.length);
  const canSelect = selection !== undefined;
  const columns = useMemo(() => columnsOf(layout, targets, canSelect), [layout, targets, canSelect]);
  const height = rowHeight(layout, targets.length);
  const pageRows = Math.max(1, Math.floor((window.innerHeight - STICKY_HEIGHT) / height) - 1);
  const focus = useGridFocus({ gridRef, rowCount: total, columnCount: columns.length });
  const rows = useRows({ total, height, top, keptRow: focus.active.row, onVisible: pages.setVisibleRows });
  return (
    <div
      ref={gridRef}
      role="grid"
      aria-label={t('berkas.table')}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      aria-multiselectable={canSelect}
      className={classes.grid}
      style={{ '--columns': gridTemplate(columns) } as CSSProperties}
      tabIndex={-1}
      onKeyDown={(event) => focus.onKeyDown(event, { pageRows, scrollToRow: rows.scrollToRow })}
      onFocus={focus.onFocus}
    >
      <TableHead {...{ columns, layout, selection, onSelectAll }} />
      <div ref={bodyRef} role="rowgroup" className={classes.body} style={{ height: rows.totalHeight }}>
        {rows.items.map(({ index, offset }) => {
          const file = pages.fileAt(index);
          return (
            <FileRow
              key={index}
              {...{ index, file, columns, layout, actions, height, offset }}
              tabColumn={index === focus.active.row ? focus.active.column : undefined}
              isSelected={file !== undefined && (selection?.ids.has(file.fileId) ?? false)}
              isFull={selection?.isFull ?? false}
              isRunning={file !== undefined && isRunning(file.fileId)}
            />
          );
        })}
      </div>
    </div>
  );
}
