import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { localeOf } from '../../i18n/language';

export interface DayFormat {
  /** "31 Jan" for 2026-01-31. */
  short: (date: string) => string;
  /** "Sabtu, 31 Januari 2026". */
  full: (date: string) => string;
}

/** Days are names without a time: no time zone may move them. */
export function useDayFormat(): DayFormat {
  const { i18n } = useTranslation();
  const locale = localeOf(i18n.language === 'en' ? 'en' : 'id');
  return useMemo(() => {
    const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
    const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' });
    return { short: (date) => short.format(new Date(date)), full: (date) => full.format(new Date(date)) };
  }, [locale]);
}
