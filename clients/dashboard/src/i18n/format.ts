// Dates, numbers and lengths of time in the language of the page.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { type Language, localeOf } from './language';

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export interface Format {
  number: (value: number | bigint) => string;
  /** Canonical decimal text ("-1234.50"), digit for digit: figures are shown as exactly as they are kept. */
  decimal: (text: string) => string;
  /** 0.25 → 25 %. */
  percent: (share: number) => string;
  /** Day and time to the minute. */
  dateTime: (date: Date) => string;
  /** With weekday, seconds and time zone: for tooltips and screen readers. */
  fullDateTime: (date: Date) => string;
  date: (date: Date) => string;
  time: (date: Date) => string;
  /** "5 menit yang lalu". */
  relative: (date: Date, now: Date) => string;
  /** "2 jam 5 menit", from seconds; two units at most. */
  duration: (seconds: number) => string;
  /** "84 milidetik", "1,4 detik". */
  latency: (milliseconds: number) => string;
}

export function createFormat(language: Language): Format {
  const locale = localeOf(language);
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const fullDateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'long',
      maximumFractionDigits: 1,
    }).format(value);
  return {
    number: (value) => number.format(value),
    decimal: (text) => formatDecimal(number, text),
    percent: (share) => percent.format(share),
    dateTime: (value) => dateTime.format(value),
    fullDateTime: (value) => fullDateTime.format(value),
    date: (value) => date.format(value),
    time: (value) => time.format(value),
    relative: (value, now) => relativeTo(relative, (value.getTime() - now.getTime()) / 1000),
    duration: (seconds) =>
      durationParts(seconds)
        .map(([value, name]) => unit(value, name))
        .join(' '),
    latency: (milliseconds) =>
      milliseconds < 1000 ? unit(Math.round(milliseconds), 'millisecond') : unit(milliseconds / 1000, 'second'),
  };
}

/** Text that is no canonical decimal stays as it is. */
function formatDecimal(format: Intl.NumberFormat, text: string): string {
  const [, sign, whole, fraction] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return text;
  const separator = format.formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  const digits = format.format(BigInt(whole)) + (fraction === undefined ? '' : separator + fraction);
  return sign === '-' ? `-${digits}` : digits;
}

function relativeTo(format: Intl.RelativeTimeFormat, seconds: number): string {
  const [name, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return name === 'second' ? format.format(0, 'second') : format.format(Math.trunc(seconds / size), name);
}

function durationParts(seconds: number): [number, string][] {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return [[whole, 'second']];
  if (whole < 3_600) return withRest(Math.floor(whole / 60), 'minute', whole % 60, 'second');
  if (whole < 86_400) return withRest(Math.floor(whole / 3_600), 'hour', Math.floor((whole % 3_600) / 60), 'minute');
  return withRest(Math.floor(whole / 86_400), 'day', Math.floor((whole % 86_400) / 3_600), 'hour');
}

function withRest(value: number, name: string, rest: number, restName: string): [number, string][] {
  return rest === 0
    ? [[value, name]]
    : [
        [value, name],
        [rest, restName],
      ];
}

export function useFormat(): Format {
  const { i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'id';
  return useMemo(() => createFormat(language), [language]);
}
