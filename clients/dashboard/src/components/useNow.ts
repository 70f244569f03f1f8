import { useSyncExternalStore } from 'react';

import { Store } from '../api/store';

export const CLOCK_STEP_MS = 30_000;

const now = new Store(new Date());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  const unsubscribe = now.subscribe(listener);
  users += 1;
  if (users === 1) startClock();
  return () => {
    unsubscribe();
    users -= 1;
    if (users === 0) clearInterval(timer);
  };
}

function startClock(): void {
  now.set(new Date()); // it stood still while nobody asked
  timer = setInterval(() => now.set(new Date()), CLOCK_STEP_MS);
}

/** The time, moving on every half minute; one timer for all who ask. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, now.get);
}
