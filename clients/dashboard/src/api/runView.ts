// What the page keeps of a run that it follows: counts and the newest deliveries, so that a tab never grows.
import type { ConnectError } from '@connectrpc/connect';

import type { Delivery, Run, TargetCounts } from '../gen/satudata/integration/v1/resources_pb';
import type { RunEvent, TargetWait } from '../gen/satudata/integration/v1/integration_service_pb';

export type Connection =
  | 'connecting'
  | 'live'
  | 'away' // the stream broke; it is tried again
  | 'paused' // nobody looks
  | 'ended' // the run's state is final
  | 'failed'; // there is no such run, or it may not be seen

export interface Speed {
  perSecond: number;
  secondsLeft: number | undefined;
}

export interface RunView {
  connection: Connection;
  error: ConnectError | undefined;
  run: Run | undefined;
  targetCounts: readonly TargetCounts[];
  completedCount: number;
  /** Undefined while any target is still being planned. */
  totalCount: number | undefined;
  waits: readonly TargetWait[];
  /** Those that changed last, the newest first: see RecentDeliveries. */
  deliveries: readonly Delivery[];
  /** Files that were left out because they are not verified. */
  skippedFileCount: number;
  speed: Speed | undefined;
  samples: readonly Sample[];
}

interface Sample {
  atMs: number;
  completedCount: number;
}

const KEPT_DELIVERIES = 200;
const SPEED_WINDOW_MS = 15_000;

export const EMPTY_VIEW: RunView = {
  connection: 'connecting',
  error: undefined,
  run: undefined,
  targetCounts: [],
  completedCount: 0,
  totalCount: undefined,
  waits: [],
  deliveries: [],
  skippedFileCount: 0,
  speed: undefined,
  samples: [],
};

/** The deliveries that changed last, each once. Changed in place: thousands of changes may come in a second. */
export class RecentDeliveries {
  private readonly byId = new Map<string, Delivery>();

  add(delivery: Delivery): void {
    this.byId.delete(delivery.deliveryId); // so that it becomes the newest
    this.byId.set(delivery.deliveryId, delivery);
    if (this.byId.size <= KEPT_DELIVERIES) return;
    const [oldest] = this.byId.keys();
    if (oldest !== undefined) this.byId.delete(oldest);
  }

  newestFirst(): Delivery[] {
    return [...this.byId.values()].reverse();
  }
}

export function addEvent(view: RunView, { event }: RunEvent, nowMs = performance.now()): RunView {
  switch (event.case) {
    case 'snapshot':
      return addSnapshot(view, event.value);
    case 'stateChange':
      return view.run ? { ...view, run: { ...view.run, state: event.value.current } } : view;
    case 'fileSkipped':
      return { ...view, skippedFileCount: view.skippedFileCount + 1 };
    case 'progress': {
      const { targetCounts, waits } = event.value;
      const completedCount = Number(event.value.completedCount);
      const totalCount = event.value.totalCount === undefined ? undefined : Number(event.value.totalCount);
      const samples = addSample(view.samples, { atMs: nowMs, completedCount });
      return { ...view, targetCounts, waits, completedCount, totalCount, samples, speed: speedOf(samples, totalCount) };
    }
    default:
      return view;
  }
}

function addSnapshot(view: RunView, run: Run): RunView {
  return { ...view, run, targetCounts: run.targetCounts, skippedFileCount: Number(run.skippedFileCount) };
}

function addSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  return [...samples.filter(({ atMs }) => atMs > sample.atMs - SPEED_WINDOW_MS), sample];
}

function speedOf(samples: readonly Sample[], totalCount: number | undefined): Speed | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.atMs - first.atMs < 1_000) return undefined;
  const perSecond = ((last.completedCount - first.completedCount) * 1000) / (last.atMs - first.atMs);
  const left = totalCount === undefined ? undefined : totalCount - last.completedCount;
  return { perSecond, secondsLeft: left !== undefined && perSecond > 0 ? left / perSecond : undefined };
}
