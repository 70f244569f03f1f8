import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';

import {
  type DeliverySchema,
  Delivery_State,
  Failure_Owner,
  type Failure,
  FailureSchema,
  FileTargetStatusSchema,
  Run_Kind,
  Run_State,
  TargetCountsSchema,
} from '../../gen/satudata/integration/v1/resources_pb';
import type { FakeRun } from '../fakeRun';
import type { FakeServer } from '../fakeServer';
import { endPreview } from '../samplePreview';

const STEP_MS = 400;
const FILES_PER_STEP = 40;

const REJECTED = create(FailureSchema, {
  reason: 'INDICATOR_UNKNOWN',
  message:
    'Indikator 1.02.000318 tidak ada di daftar acuan sistem tujuan. Periksa kodenya di daftar indikator, perbaiki ' +
    'berkasnya, lalu verifikasi ulang.',
  owner: Failure_Owner.DATA_STEWARD,
});

/** Makes runs of the fake server move by themselves. */
export function playRuns(server: FakeServer): void {
  const played = new Set<FakeRun>();
  setInterval(() => {
    for (const run of server.runs.all) {
      if (played.has(run)) continue;
      played.add(run);
      void play(server, run);
    }
  }, 100);
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function play(server: FakeServer, run: FakeRun): Promise<void> {
  if (run.run.kind === Run_Kind.SYNC_FILE) return playFile(server, run);
  if (run.run.kind !== Run_Kind.PREVIEW) return playAll(server, run);
  await pause(1_500);
  endPreview(server, run);
}

async function playFile(server: FakeServer, run: FakeRun): Promise<void> {
  for (const state of [Delivery_State.QUEUED, Delivery_State.SENDING, Delivery_State.ACCEPTED]) {
    for (const target of run.run.targets) run.delivery(deliveryOf(run, target, state));
    await pause(900);
  }
  for (const target of run.run.targets) {
    const isRefused = target === 'sipd';
    const state = isRefused ? Delivery_State.REJECTED : Delivery_State.CONFIRMED;
    run.delivery(deliveryOf(run, target, state, isRefused ? REJECTED : undefined));
    mark(server, run.run.fileId, target, state, run);
    await pause(500);
  }
  run.end(run.run.targets.includes('sipd') ? Run_State.PARTIAL : Run_State.SUCCEEDED);
}

function deliveryOf(
  run: FakeRun,
  target: string,
  state: Delivery_State,
  failure?: Failure,
): MessageInitShape<typeof DeliverySchema> {
  const count = target === 'sipd' ? 12n : 1n;
  return {
    deliveryId: `${run.run.runId}-${target}`,
    fileId: run.run.fileId,
    target,
    state,
    ...(failure && { failure }),
    recordCounts: [{ state, count }],
  };
}

async function playAll(server: FakeServer, run: FakeRun): Promise<void> {
  const files = server.files.verified().slice(0, 4_000);
  const total = BigInt(files.length * run.run.targets.length);
  await pause(1_500);
  for (let done = 0; done < files.length && run.run.state === Run_State.RUNNING; done += FILES_PER_STEP) {
    for (const file of files.slice(done, done + FILES_PER_STEP)) {
      for (const target of run.run.targets) mark(server, file.fileId, target, Delivery_State.CONFIRMED, run);
    }
    const doneNow = BigInt(Math.min(done + FILES_PER_STEP, files.length));
    const bad = doneNow / 20n;
    run.run.targetCounts = run.run.targets.map((target) =>
      create(TargetCountsSchema, {
        target,
        states: [
          { state: Delivery_State.CONFIRMED, count: doneNow - bad },
          { state: Delivery_State.REJECTED, count: bad },
          { state: Delivery_State.QUEUED, count: BigInt(files.length) - doneNow },
        ],
      }),
    );
    run.progress({
      completedCount: doneNow * BigInt(run.run.targets.length),
      totalCount: total,
      targetCounts: run.run.targetCounts,
    });
    await pause(STEP_MS);
  }
  if (run.run.state === Run_State.RUNNING) run.end(Run_State.PARTIAL);
}

function mark(server: FakeServer, fileId: string, target: string, state: Delivery_State, run: FakeRun): void {
  const file = server.files.find(fileId);
  const status = create(FileTargetStatusSchema, {
    target,
    state,
    stateTime: timestampNow(),
    runId: run.run.runId,
    deliveryId: `${run.run.runId}-${target}`,
  });
  file.targetStates = [...file.targetStates.filter((other) => other.target !== target), status];
}
