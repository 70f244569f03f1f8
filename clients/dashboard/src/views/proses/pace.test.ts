import { describe, expect, it } from 'vitest';

import { paceOf, roughly, type Sample } from './pace';

/** One sample a second, from second `from` to `to`, with so many more each time. */
const steady = (from: number, to: number, each: number): Sample[] =>
  Array.from({ length: to - from + 1 }, (_, n) => ({ atMs: (from + n) * 1000, completedCount: n * each }));

describe('the pace of a run', () => {
  it('is what was completed per second', () => {
    const { perSecond, secondsLeft } = paceOf(steady(0, 5, 20), 300, 5_000);
    expect(perSecond).toBeCloseTo(20);
    expect(secondsLeft).toBeCloseTo(10);
  });

  it('looks at the last ten seconds only', () => {
    const slowThenFast = [
      { atMs: 0, completedCount: 0 },
      { atMs: 20_000, completedCount: 2 },
      { atMs: 30_000, completedCount: 502 },
    ];
    expect(paceOf(slowThenFast, undefined, 30_000).perSecond).toBeCloseTo(50);
  });

  it('is not known from one sample or from an instant', () => {
    expect(paceOf([], 10, 5_000).perSecond).toBeUndefined();
    expect(paceOf(steady(0, 0, 1), 10, 500).perSecond).toBeUndefined();
    expect(paceOf(steady(0, 1, 9), 10, 1_999).perSecond).toBeUndefined();
  });

  it('falls to nothing, and with it the time left, when no news come', () => {
    const samples = steady(0, 5, 20);
    expect(paceOf(samples, 300, 8_000).perSecond).toBeCloseTo(12.5);
    expect(paceOf(samples, 300, 16_000)).toEqual({ perSecond: 0, secondsLeft: undefined });
  });

  it('tells no time left while the whole is not known', () => {
    expect(paceOf(steady(0, 5, 20), undefined, 5_000)).toEqual({ perSecond: 20, secondsLeft: undefined });
  });

  it('is never below nothing, though counts may fall', () => {
    const falling = [
      { atMs: 0, completedCount: 10 },
      { atMs: 5_000, completedCount: 4 },
    ];
    expect(paceOf(falling, 20, 5_000)).toEqual({ perSecond: 0, secondsLeft: undefined });
    expect(paceOf(steady(0, 5, 20), 50, 5_000).secondsLeft).toBe(0);
  });
});

describe('an estimate', () => {
  it('is as rough as what it rests on', () => {
    expect([0, 3, 52, 56, 89, 91, 3_500, 3_590, 7_777].map(roughly)).toEqual([
      5, 5, 50, 60, 60, 120, 3_480, 3_600, 7_800,
    ]);
  });
});
