// What RetryRun would take up.
import { Delivery_State, type Run, Run_Kind } from '../../gen/satudata/integration/v1/resources_pb';
import { isEnded } from '../../api/runs';

export interface RetryChoice {
  targets: readonly string[];
  includeRejected: boolean;
}

/** How many deliveries at most: later runs may have taken some up. */
export function retryableCount({ targetCounts }: Run, { targets, includeRejected }: RetryChoice): number {
  const states = [Delivery_State.DEFERRED, Delivery_State.PARKED];
  if (includeRejected) states.push(Delivery_State.REJECTED);
  return targetCounts
    .filter(({ target }) => targets.includes(target))
    .flatMap((counts) => counts.states)
    .filter(({ state }) => states.includes(state))
    .reduce((sum, { count }) => sum + Number(count), 0);
}

/** Whether a retry could find anything to do. */
export function canRetry(run: Run): boolean {
  const all = { targets: run.targets, includeRejected: true };
  return isEnded(run) && run.kind !== Run_Kind.PREVIEW && retryableCount(run, all) > 0;
}
