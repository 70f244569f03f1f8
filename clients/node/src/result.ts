import { Delivery_State, type Run, Run_State } from './gen/satudata/integration/v1/resources_pb.js';

/** `CONFIRMED`, `REJECTED`, … */
export type DeliveryStateName = keyof typeof Delivery_State;

/** How many deliveries of each target are in which state; states without any are left out. */
export type Counts = Record<string, Partial<Record<DeliveryStateName, number>>>;

/** What became of a run. */
export interface RunResult {
  runId: string;
  /** Whether every delivery is CONFIRMED, UNCHANGED or SKIPPED. */
  succeeded: boolean;
  /** `SUCCEEDED`, `PARTIAL`, `FAILED` or `CANCELLED`. */
  state: keyof typeof Run_State;
  counts: Counts;
  /** All of it; `run.openCount` deliveries still move on by themselves. */
  run: Run;
}

export function countsOf(run: Pick<Run, 'targetCounts'>): Counts {
  return Object.fromEntries(
    run.targetCounts.map(({ target, states }) => [
      target,
      Object.fromEntries(states.map(({ state, count }) => [Delivery_State[state], Number(count)])),
    ]),
  );
}

export function toResult(run: Run): RunResult {
  return {
    runId: run.runId,
    succeeded: run.state === Run_State.SUCCEEDED,
    state: Run_State[run.state] as keyof typeof Run_State,
    counts: countsOf(run),
    run,
  };
}
