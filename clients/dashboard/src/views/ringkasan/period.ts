// How many days are looked at, as it stands in the address.

export const PERIODS = [7, 30, 90] as const;
export type PeriodDays = (typeof PERIODS)[number];

const PERIOD_PARAMETER = 'days';
const USUAL: PeriodDays = 30;

/** Anything that is none of the choices is the usual one. */
export function readPeriod(parameters: URLSearchParams): PeriodDays {
  const asked = parameters.get(PERIOD_PARAMETER);
  return PERIODS.find((days) => String(days) === asked) ?? USUAL;
}

export function writePeriod(parameters: URLSearchParams, days: PeriodDays): URLSearchParams {
  const next = new URLSearchParams(parameters);
  if (days === USUAL) next.delete(PERIOD_PARAMETER);
  else next.set(PERIOD_PARAMETER, String(days));
  return next;
}
