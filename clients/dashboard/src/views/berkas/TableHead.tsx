import { Checkbox, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { targetName } from '../../components/targetName';
import { useFormat } from '../../i18n/format';
import classes from './FileTable.module.css';
import { type ColumnId, type TableLayout, targetOf } from './layout';
import { SELECTION_LIMIT, type Selection } from './useSelection';

interface TableHeadProps {
  columns: readonly ColumnId[];
  layout: TableLayout;
  selection: Selection | undefined;
  onSelectAll: () => void;
}

export function TableHead({ columns, layout, selection, onSelectAll }: TableHeadProps) {
  return (
    <div role="rowgroup" className={classes.head} data-layout={layout}>
      <div role="row" aria-rowindex={1} className={classes.headRow} data-layout={layout}>
        {columns.map((column, at) => (
          <div key={column} role="columnheader" aria-colindex={at + 1} className={classes.headCell}>
            <Heading {...{ column, layout, selection, onSelectAll }} />
          </div>
        ))}
      </div>
    </div>
  );
}

function Heading({ column, layout, selection, onSelectAll }: Omit<TableHeadProps, 'columns'> & { column: ColumnId }) {
  const { t } = useTranslation();
  if (column === 'select') return selection && <SelectAll {...{ layout, selection, onSelectAll }} />;
  const target = targetOf(column);
  const text = target === undefined ? t(`berkas.columns.${column as 'name'}`) : targetName(target);
  return layout === 'narrow' ? <VisuallyHidden>{text}</VisuallyHidden> : text;
}

interface SelectAllProps {
  layout: TableLayout;
  selection: Selection;
  onSelectAll: () => void;
}

function SelectAll({ layout, selection, onSelectAll }: SelectAllProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const isAny = selection.ids.size > 0;
  return (
    <Checkbox
      aria-label={t('berkas.select.all', { limit: format.number(SELECTION_LIMIT) })}
      label={layout === 'narrow' ? t('berkas.select.allShort') : undefined}
      checked={isAny}
      indeterminate={isAny}
      onChange={isAny ? selection.clear : onSelectAll}
      classNames={{ body: classes.tick, input: classes.pointer }}
    />
  );
}
