import { VisuallyHidden } from '@mantine/core';

import { useFormat } from '../i18n/format';
import { CLOCK_STEP_MS, useNow } from './useNow';

/** "5 menit yang lalu", with the full time in the tooltip and for screen readers. Nothing for a time that is not set. */
export function TimeAgo({ date }: { date: Date | undefined }) {
  const format = useFormat();
  const now = useNow();
  if (!date) return null;
  const full = format.fullDateTime(date);
  // The shared clock lags by up to half a minute: what seems that near in the future is now.
  const aheadMs = date.getTime() - now.getTime();
  const asOf = aheadMs > 0 && aheadMs < CLOCK_STEP_MS ? date : now;
  return (
    <time dateTime={date.toISOString()} title={full}>
      <span aria-hidden>{format.relative(date, asOf)}</span>
      <VisuallyHidden>{full}</VisuallyHidden>
    </time>
  );
}
