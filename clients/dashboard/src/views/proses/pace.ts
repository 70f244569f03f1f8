// How fast a run is and how long it will still take, as far as that can honestly be told.

export interface Sample {
  atMs: number;
  completedCount: number;
}

export interface Pace {
  /** Deliveries per second over the last ten seconds; undefined while too little was seen. */
  perSecond: number | undefined;
  /** Undefined while the whole is not known, or nothing moves. */
  secondsLeft: number | undefined;
}

export const PACE_WINDOW_MS = 10_000;
const SHORTEST_MS = 2_000;

/** `samples` are in order of time. No new sample until `nowMs` means that nothing was completed. */
export function paceOf(samples: readonly Sample[], totalCount: number | undefined, nowMs: number): Pace {
  const windowStart = nowMs - PACE_WINDOW_MS;
  const first = samples.filter(({ atMs }) => atMs <= windowStart).at(-1) ?? samples[0];
  const last = samples.at(-1);
  if (!first || !last || nowMs - first.atMs < SHORTEST_MS) return { perSecond: undefined, secondsLeft: undefined };
  const done = Math.max(0, last.completedCount - first.completedCount);
  const perSecond = (done * 1000) / (nowMs - first.atMs);
  const left = totalCount === undefined ? undefined : Math.max(0, totalCount - last.completedCount);
  return { perSecond, secondsLeft: left === undefined || perSecond === 0 ? undefined : left / perSecond };
}

/** An estimate, as roughly as it is known: to 5 seconds, to the minute, to 5 minutes. */
export function roughly(seconds: number): number {
  const step = seconds < 55 ? 5 : seconds < 3_570 ? 60 : 300;
  return Math.max(step, Math.round(seconds / step) * step);
}
