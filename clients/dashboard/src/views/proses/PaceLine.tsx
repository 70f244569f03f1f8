import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { RunView } from '../../api/runView';
import { useFormat } from '../../i18n/format';
import { roughly } from './pace';
import { usePace } from './usePace';

/** Above this, tenths say nothing. */
const WHOLE_FROM = 10;

/** How fast it goes and how long it will take; what is not known is said to be so. */
export function PaceLine({ watch, totalCount }: { watch: RunView; totalCount: number | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { perSecond, secondsLeft } = usePace(watch);
  return (
    <Text size="sm" c="dimmed">
      {speedWords()}
      {totalCount !== undefined && ` · ${leftWords()}`}
    </Text>
  );

  function speedWords(): string {
    if (perSecond === undefined) return t('proses.progress.speedUnknown');
    if (perSecond === 0) return t('proses.progress.speedNone');
    const shown = perSecond < WHOLE_FROM ? Math.max(0.1, Math.round(perSecond * 10) / 10) : Math.round(perSecond);
    return t('proses.progress.speed', { n: format.number(shown) });
  }

  function leftWords(): string {
    if (watch.waits.length > 0) return t('proses.progress.leftWaiting');
    if (secondsLeft === undefined) return t('proses.progress.leftUnknown');
    return t('proses.progress.left', { time: format.duration(roughly(secondsLeft)) });
  }
}
