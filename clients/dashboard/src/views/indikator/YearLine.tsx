import { Anchor, VisuallyHidden } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import IconArrowDown from '@tabler/icons-react/icons/IconArrowDown';
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp';
import IconEqual from '@tabler/icons-react/icons/IconEqual';
import IconEqualNot from '@tabler/icons-react/icons/IconEqualNot';
import IconMinus from '@tabler/icons-react/icons/IconMinus';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { toDate } from '../../api/timestamps';
import { filePath } from '../../components/links';
import { targetName } from '../../components/targetName';
import { TimeAgo } from '../../components/TimeAgo';
import { ToneBadge } from '../../components/ToneBadge';
import type { Tone } from '../../components/tones';
import type { IndicatorYear } from '../../gen/satudata/integration/v1/target_service_pb';
import { useFormat } from '../../i18n/format';
import { compareYear, type Comparison } from './comparison';
import classes from './IndicatorTable.module.css';

const LOOKS: Record<Comparison, { tone: Tone; icon: TablerIcon }> = {
  same: { tone: 'good', icon: IconEqual },
  differs: { tone: 'bad', icon: IconEqualNot },
  onlyOurs: { tone: 'info', icon: IconArrowUp },
  onlyTheirs: { tone: 'doubt', icon: IconArrowDown },
  neither: { tone: 'neutral', icon: IconMinus },
};

/** One year: our value, which leads to its file, beside the one that the target is proven to hold. */
export function YearLine({ year, target }: { year: IndicatorYear; target: string }) {
  const { t } = useTranslation();
  const comparison = compareYear(year);
  const word = t(`indikator.comparison.${comparison}`, { target: targetName(target) });
  return (
    <li className={classes.year}>
      <span className={classes.yearName}>{year.tahun}</span>
      <OurValue year={year} />
      <TheirValue year={year} target={target} />
      <span className={classes.verdict}>
        <ToneBadge {...LOOKS[comparison]} word={word} />
      </span>
    </li>
  );
}

function OurValue({ year: { value, tahun, fileId } }: { year: IndicatorYear }) {
  const { t } = useTranslation();
  const format = useFormat();
  const figure = format.decimal(value);
  return (
    <span className={`${classes.value} ${classes.ours}`}>
      <span className={classes.valueLabel}>{t('indikator.year.ours')}</span>{' '}
      {value === '' && <span className={classes.missing}>{t('indikator.year.noValue')}</span>}
      {value !== '' && fileId === '' && figure}
      {value !== '' && fileId !== '' && (
        <Anchor
          component={Link}
          to={filePath(fileId)}
          inherit
          underline="always"
          aria-label={t('indikator.year.file', { value: figure, year: tahun })}
        >
          {figure}
        </Anchor>
      )}
    </span>
  );
}

function TheirValue({ year, target }: { year: IndicatorYear; target: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const confirmed = toDate(year.confirmTime);
  return (
    <span className={`${classes.value} ${classes.theirs}`}>
      <span className={classes.valueLabel}>{targetName(target)}</span>{' '}
      {year.targetValue === '' ? (
        <span className={classes.missing}>{t('indikator.year.notProven')}</span>
      ) : (
        format.decimal(year.targetValue)
      )}
      {confirmed && (
        <span className={classes.proven}>
          <VisuallyHidden>, </VisuallyHidden>
          {t('indikator.year.provenAt')} <TimeAgo date={confirmed} />
        </span>
      )}
    </span>
  );
}
