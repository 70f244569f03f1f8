import { useTranslation } from 'react-i18next';

import { useFormat } from '../../i18n/format';
import { type Counts, totalOf } from './figures';
import classes from './Ringkasan.module.css';
import { StateLegend } from './StateLegend';

/** What a bar is made of. */
export function CountsTooltip({ title, counts }: { title: string; counts: Counts }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes.tooltip}>
      <strong>{title}</strong>
      <StateLegend counts={[counts]} withCounts />
      <div>
        {t('ringkasan.table.total')}: <strong>{format.number(totalOf(counts))}</strong>
      </div>
    </div>
  );
}
