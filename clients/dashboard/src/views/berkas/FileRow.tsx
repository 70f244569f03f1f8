import { Skeleton, VisuallyHidden } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { VerificationBadge } from '../../components/VerificationBadge';
import type { CatalogFile } from '../../gen/satudata/integration/v1/resources_pb';
import { NameCell, SelectCell, TargetCell, TextCell } from './cells';
import classes from './FileTable.module.css';
import { type ColumnId, type TableLayout, targetOf } from './layout';
import { SyncCell } from './SyncCell';

export interface RowActions {
  onToggle: (fileId: string) => void;
  onSync: (file: CatalogFile) => void;
}

interface FileRowProps {
  index: number;
  file: CatalogFile | undefined;
  columns: readonly ColumnId[];
  layout: TableLayout;
  /** The column that Tab stops at; undefined for rows that it passes. */
  tabColumn: number | undefined;
  isSelected: boolean;
  isFull: boolean;
  isRunning: boolean;
  actions: RowActions;
  height: number;
  /** From the top of the table's body. */
  offset: number;
}

/** Only drawn again when something of it changes: scrolling moves no row. */
export const FileRow = memo(function FileRow(props: FileRowProps) {
  const { index, file, columns, layout, tabColumn, isSelected, height, offset } = props;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected || undefined}
      className={classes.row}
      data-row={index}
      data-layout={layout}
      style={{ height, transform: `translateY(${offset}px)` }}
    >
      {columns.map((column, at) => {
        const tabIndex = at === tabColumn ? 0 : -1;
        const content = file ? cellContent(column, file, tabIndex, props) : column === 'name' && <LoadingName />;
        const isControl = file !== undefined && hasControl(column, file);
        return (
          <div
            key={column}
            role="gridcell"
            aria-colindex={at + 1}
            className={classes.cell}
            data-column={at}
            data-cell={targetOf(column) === undefined ? column : 'target'}
            tabIndex={isControl ? -1 : tabIndex}
          >
            {content}
          </div>
        );
      })}
    </div>
  );
});

function hasControl(column: ColumnId, file: CatalogFile): boolean {
  if (column === 'select' || column === 'name' || column === 'sync') return true;
  const target = targetOf(column);
  return file.targetStates.some((status) => status.target === target && status.deliveryId !== '');
}

function cellContent(column: ColumnId, file: CatalogFile, tabIndex: number, props: FileRowProps): ReactNode {
  const { layout, isSelected, isFull, isRunning, actions } = props;
  switch (column) {
    case 'select':
      return <SelectCell {...{ file, isSelected, isFull, tabIndex }} onToggle={actions.onToggle} />;
    case 'name':
      return <NameCell {...{ file, layout, tabIndex }} />;
    case 'theme':
      return <TextCell text={file.theme} />;
    case 'producer':
      return <TextCell text={file.producer} />;
    case 'verification':
      return <VerificationBadge verification={file.verification} />;
    case 'sync':
      return <SyncCell {...{ file, isRunning, tabIndex }} onSync={actions.onSync} />;
    default:
      return <TargetCell {...{ file, layout, tabIndex }} target={targetOf(column) ?? ''} />;
  }
}

function LoadingName() {
  const { t } = useTranslation();
  return (
    <>
      <VisuallyHidden>{t('berkas.loadingRow')}</VisuallyHidden>
      <Skeleton height={14} width="70%" aria-hidden />
    </>
  );
}
