import { describe, expect, it } from 'vitest';

import { labelledPlaces, ticksFor } from './axis';

describe('the scale of a chart', () => {
  it.each([
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [43, [0, 10, 20, 30, 40, 50]],
    [1_234, [0, 500, 1_000, 1_500]],
    [100_000, [0, 20_000, 40_000, 60_000, 80_000, 100_000]],
  ])('up to %d has round numbers', (max, expected) => {
    expect(ticksFor(max)).toEqual(expected);
  });
});

describe('the words under a chart', () => {
  it('are all there where there is room', () => {
    expect(labelledPlaces(7, 700, 60)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('are fewer where there is not, and today is always named', () => {
    expect(labelledPlaces(30, 300, 60)).toEqual([5, 11, 17, 23, 29]);
    expect(labelledPlaces(30, 0, 60)).toEqual([29]);
  });
});
