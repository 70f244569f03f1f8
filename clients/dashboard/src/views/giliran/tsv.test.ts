import { describe, expect, it } from 'vitest';

import { toTsv } from './tsv';

describe('a list as text', () => {
  it('has a tab between cells and a line for each row', () => {
    expect(
      toTsv([
        ['a', 'b'],
        ['', 'd'],
      ]),
    ).toBe('a\tb\n\td');
  });

  it('keeps its shape whatever the cells say', () => {
    expect(
      toTsv([
        ['a\tb', 'c\r\nd'],
        ['\u2028e', 'f'],
      ]),
    ).toBe('a b\tc d\ne\tf');
  });

  it('has no formulas', () => {
    expect(toTsv([['=HYPERLINK("http://x")', '+1', '-1', '@x', '\t=1']])).toBe(
      `'=HYPERLINK("http://x")\t'+1\t'-1\t'@x\t'=1`,
    );
  });
});
