// What we hold of an indicator in one year, beside what the target is proven to hold.
import type { IndicatorYear } from '../../gen/satudata/integration/v1/target_service_pb';

export type Comparison = 'same' | 'differs' | 'onlyOurs' | 'onlyTheirs' | 'neither';

/** Without what does not change a decimal: trailing zeros, and the sign of nothing. */
function plain(decimal: string): string {
  const short = decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
  return short === '-0' ? '0' : short;
}

export function compareYear({ value, targetValue }: Pick<IndicatorYear, 'value' | 'targetValue'>): Comparison {
  if (value === '') return targetValue === '' ? 'neither' : 'onlyTheirs';
  if (targetValue === '') return 'onlyOurs';
  return plain(value) === plain(targetValue) ? 'same' : 'differs';
}
