// What of a run is done, from the live counts where it is followed, else from the counts of the run itself.
import { countsByState, isEnded } from '../../api/runs';
import type { RunView } from '../../api/runView';
import { Delivery_State, type Run, type TargetCounts } from '../../gen/satudata/integration/v1/resources_pb';

export interface RunProgress {
  targetCounts: readonly TargetCounts[];
  completedCount: number;
  /** Undefined while any target is still being planned. */
  totalCount: number | undefined;
}

/** States in which a delivery takes no more of the run's time. */
const SETTLED: ReadonlySet<Delivery_State> = new Set([
  Delivery_State.CONFIRMED,
  Delivery_State.UNCHANGED,
  Delivery_State.SKIPPED,
  Delivery_State.REJECTED,
  Delivery_State.PARTIAL,
  Delivery_State.DEFERRED,
  Delivery_State.PARKED,
  Delivery_State.CANCELLED,
]);

const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0);

export function progressOf(run: Run, watch: RunView): RunProgress {
  if (!isEnded(run) && watch.samples.length > 0) return watch;
  const targetCounts = !isEnded(run) && watch.run ? watch.targetCounts : run.targetCounts;
  const counts = countsByState(targetCounts);
  const completedCount = sum([...counts].filter(([state]) => SETTLED.has(state)).map(([, count]) => count));
  return { targetCounts, completedCount, totalCount: isEnded(run) ? sum(counts.values()) : undefined };
}
