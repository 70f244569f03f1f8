// What the states of runs and deliveries mean to the page.
import type { Run, TargetCounts } from '../gen/satudata/integration/v1/resources_pb';
import { Delivery_State, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import type { RunEvent } from '../gen/satudata/integration/v1/integration_service_pb';

export function isEnded(run: Run): boolean {
  return run.state !== Run_State.QUEUED && run.state !== Run_State.RUNNING;
}

/** Deliveries per state over these targets. */
export function countsByState(counts: readonly TargetCounts[]): ReadonlyMap<Delivery_State, number> {
  const sums = new Map<Delivery_State, number>();
  for (const { state, count } of counts.flatMap((target) => target.states)) {
    sums.set(state, (sums.get(state) ?? 0) + Number(count));
  }
  return sums;
}

/**
 * Waits until a call that starts a run names it, then lets go of the stream: the run goes on, and useRunWatch follows
 * it. `start` gets the signal that ends the stream.
 */
export async function firstSnapshot(start: (signal: AbortSignal) => AsyncIterable<RunEvent>): Promise<Run> {
  const stop = new AbortController();
  try {
    for await (const { event } of start(stop.signal)) {
      if (event.case === 'snapshot') return event.value;
    }
  } finally {
    stop.abort();
  }
  throw new Error('the stream ended before it named the run');
}
