import { Button, Text } from '@mantine/core';
import { useSet } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { CallError } from '../../components/CallError';
import { Notice } from '../../components/Notice';
import { targetName } from '../../components/targetName';
import type { ReferenceIndicator } from '../../gen/satudata/integration/v1/target_service_pb';
import type { Filters } from './filters';
import { IndicatorCells, LoadingCells } from './IndicatorRow';
import classes from './IndicatorTable.module.css';
import { type Rows, useRows } from './useIndicators';

const ESTIMATED_ROW_PX = 76;

interface IndicatorTableProps {
  filters: Filters;
  total: number;
  /** What is shown is about to be replaced. */
  isFading: boolean;
}

/** The list, of which only the rows in sight are there. Scrolls with the page. */
export function IndicatorTable({ filters, total, isFading }: IndicatorTableProps) {
  const { t } = useTranslation();
  const openCodes = useSet<string>();
  const [top, setTop] = useState(0);
  const measureTop = useCallback((body: HTMLElement | null) => {
    if (body) setTop(body.getBoundingClientRect().top + window.scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: total,
    estimateSize: () => ESTIMATED_ROW_PX,
    overscan: 8,
    scrollMargin: top,
  });
  const items = virtualizer.getVirtualItems();
  const rows = useRows(filters, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  return (
    <>
      <RowsError rows={rows} />
      <div
        role="table"
        aria-label={t('indikator.title')}
        aria-rowcount={total + 1}
        aria-busy={isFading}
        className={isFading ? `${classes.table} ${classes.fading}` : classes.table}
      >
        <HeaderRow target={filters.target} />
        <div role="rowgroup" ref={measureTop} className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, key, start }) => (
            <div
              key={key}
              role="row"
              aria-rowindex={index + 2}
              data-index={index}
              ref={virtualizer.measureElement}
              className={classes.row}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <Cells indicator={rows.at(index)} target={filters.target} openCodes={openCodes} />
            </div>
          ))}
        </div>
      </div>
    </>
  );
}

interface CellsProps {
  indicator: ReferenceIndicator | undefined;
  target: string;
  /** The indicators of which all years are shown; kept here, as rows come and go. */
  openCodes: Set<string>;
}

function Cells({ indicator, target, openCodes }: CellsProps) {
  if (!indicator) return <LoadingCells />;
  const code = indicator.kodeindikator;
  const isOpen = openCodes.has(code);
  const toggle = () => {
    if (isOpen) openCodes.delete(code);
    else openCodes.add(code);
  };
  return <IndicatorCells indicator={indicator} target={target} isOpen={isOpen} onToggle={toggle} />;
}

function HeaderRow({ target }: { target: string }) {
  const { t } = useTranslation();
  const columns = ['code', 'name', 'unit', 'urusan', 'state', 'years'] as const;
  return (
    <div role="rowgroup" className={classes.header}>
      <div role="row" aria-rowindex={1} className={classes.headerRow}>
        {columns.map((column) => (
          <div role="columnheader" key={column}>
            {t(`indikator.column.${column}`, { target: targetName(target) })}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Stays in sight wherever in the list it happened. */
function RowsError({ rows: { error, retry } }: { rows: Rows }) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <div className={classes.rowsError}>
      <Notice tone="bad" role="alert">
        <Text size="sm" fw={600}>
          {t('indikator.rowsFailed')}
        </Text>
        <CallError error={error} />
        <Button variant="default" size="xs" mt="xs" onClick={retry}>
          {t('failure.retry')}
        </Button>
      </Notice>
    </div>
  );
}
