import { setTimeout } from 'node:timers/promises';

import type { SatuDataError } from './error.js';

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** Until the next try: longer each time, never all clients at once, and never sooner than the server asked for. */
export function pauseBefore(attempt: number, error: SatuDataError): number {
  const longest = Math.min(FIRST_MS * 2 ** attempt, LONGEST_MS);
  return Math.max(longest * (0.5 + Math.random() / 2), error.retryAfterMs ?? 0);
}

/** Rejects with the signal's own reason. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await setTimeout(ms, undefined, signal && { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
