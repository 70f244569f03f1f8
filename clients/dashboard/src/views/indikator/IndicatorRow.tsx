import { Button, Skeleton } from '@mantine/core';
import IconBan from '@tabler/icons-react/icons/IconBan';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import { useTranslation } from 'react-i18next';

import { ToneBadge } from '../../components/ToneBadge';
import { urusanShort } from '../../components/urusan';
import type { ReferenceIndicator } from '../../gen/satudata/integration/v1/target_service_pb';
import { useFormat } from '../../i18n/format';
import classes from './IndicatorTable.module.css';
import { YearLine } from './YearLine';

/** Years that are shown before anybody asks for more. */
const FEW_YEARS = 2;

interface IndicatorCellsProps {
  indicator: ReferenceIndicator;
  target: string;
  isOpen: boolean;
  onToggle: () => void;
}

/** The cells of one indicator's row. */
export function IndicatorCells({ indicator, target, isOpen, onToggle }: IndicatorCellsProps) {
  const { t } = useTranslation();
  return (
    <>
      <div role="cell" className={classes.code}>
        {indicator.kodeindikator}
      </div>
      <div role="cell" className={classes.name}>
        {indicator.uraianIndikator}
      </div>
      <div role="cell">
        <NarrowLabel text={t('indikator.column.unit')} />
        {indicator.satuan || '–'}
      </div>
      <div role="cell" className={classes.urusan}>
        <NarrowLabel text={t('indikator.column.urusan')} />
        {urusanShort(indicator.bidangurusan) || '–'}
      </div>
      <div role="cell">
        <ActiveBadge active={indicator.active} />
      </div>
      <div role="cell">
        <Years indicator={indicator} target={target} isOpen={isOpen} onToggle={onToggle} />
      </div>
    </>
  );
}

/** Where the columns have no room, each cell says what it is; to screen readers its heading does. */
function NarrowLabel({ text }: { text: string }) {
  return (
    <span className={classes.narrowLabel} aria-hidden>
      {text}:{' '}
    </span>
  );
}

function ActiveBadge({ active }: { active: boolean }) {
  const { t } = useTranslation();
  return active ? (
    <ToneBadge tone="good" icon={IconCircleCheck} word={t('indikator.active')} />
  ) : (
    <ToneBadge tone="neutral" icon={IconBan} word={t('indikator.disabled')} />
  );
}

function Years({ indicator: { kodeindikator, years }, target, isOpen, onToggle }: IndicatorCellsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (years.length === 0) return <span className={classes.missing}>{t('indikator.year.none')}</span>;
  const count = years.length - FEW_YEARS;
  const words = { count, shown: format.number(count), code: kodeindikator };
  return (
    <>
      <ul className={classes.years}>
        {(isOpen ? years : years.slice(0, FEW_YEARS)).map((year) => (
          <YearLine key={year.tahun} year={year} target={target} />
        ))}
      </ul>
      {count > 0 && (
        <Button
          variant="subtle"
          size="compact-xs"
          mih={24}
          onClick={onToggle}
          aria-expanded={isOpen}
          aria-label={isOpen ? t('indikator.year.fewerOf', words) : t('indikator.year.moreOf', words)}
        >
          {isOpen ? t('indikator.year.fewer') : t('indikator.year.more', words)}
        </Button>
      )}
    </>
  );
}

/** A row that is on its way. */
export function LoadingCells() {
  const { t } = useTranslation();
  return (
    <div role="cell" className={classes.whole} aria-label={t('indikator.rowLoading')}>
      <Skeleton height={14} width="70%" my={4} />
    </div>
  );
}
