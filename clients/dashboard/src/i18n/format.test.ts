import { describe, expect, it } from 'vitest';

import { createFormat } from './format';

describe('a decimal', () => {
  const id = createFormat('id');
  it.each([
    ['0', '0'],
    ['1234567.50', '1.234.567,50'],
    ['-0.5', '-0,5'],
    ['-1234', '-1.234'],
    ['12345678901234567890.123456789', '12.345.678.901.234.567.890,123456789'],
    ['tidak ada', 'tidak ada'],
    ['', ''],
  ])('%s is shown digit for digit as %s', (text, shown) => expect(id.decimal(text)).toBe(shown));

  it('follows the language', () => expect(createFormat('en').decimal('1234.5')).toBe('1,234.5'));
});

describe('a latency', () => {
  it('is in milliseconds below a second, in seconds above', () => {
    const { latency } = createFormat('id');
    expect(latency(84.4)).toBe('84 milidetik');
    expect(latency(1_440)).toBe('1,4 detik');
  });
});
