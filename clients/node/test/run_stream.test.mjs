// How a run is followed over streams that break, without a server: each event once, none missing, until the end.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { create } from '@bufbuild/protobuf';

import { SatuDataError } from '../dist/error.js';
import { Run_State, RunEventSchema, RunStream } from '../dist/index.js';

/** @typedef {import('../dist/index.js').RunEvent} RunEvent */
/** @typedef {import('../dist/run_stream.js').Following} Following */
/** @typedef {(signal: AbortSignal) => AsyncIterable<RunEvent> | Iterable<RunEvent | Error>} Script */

const deadlines = { read: 1_000, write: 1_000, silence: 1_000, away: 1_000 };

/** @param {number} sequence @param {import('@bufbuild/protobuf').MessageInitShape<typeof RunEventSchema>['event']} event */
const event = (sequence, event) => create(RunEventSchema, { runId: 'r-1', sequence: BigInt(sequence), event });

/** @param {number} sequence */
const snapshot = (sequence, state = Run_State.RUNNING) =>
  event(sequence, { case: 'snapshot', value: { runId: 'r-1', state } });
/** @param {number} sequence */
const delivery = (sequence) => event(sequence, { case: 'delivery', value: { deliveryId: `d-${sequence}` } });
/** @param {number} sequence */
const end = (sequence, state = Run_State.SUCCEEDED) => snapshot(sequence, state);
/** @param {number} sequence */
const heartbeat = (sequence) => event(sequence, { case: 'heartbeat', value: {} });

const lost = () => new SatuDataError({ code: 'UNAVAILABLE', message: 'lost' });
/** @param {import('../dist/index.js').Code} code @param {string} reason */
const refused = (code, reason) => new SatuDataError({ code, reason, message: reason });

/** Says nothing until it is given up. @type {Script} */
async function* silence(signal) {
  yield await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

/**
 * A server that plays one script for each stream that is opened, and notes from where.
 * @param {Script[]} scripts
 * @param {Partial<Following>} changes
 */
function serve(scripts, changes = {}) {
  /** @type {(string | undefined)[]} */
  const opened = [];
  const run = new RunStream({
    async *open(place, signal) {
      opened.push(place && `${place.runId} after ${place.sequence}`);
      const script = scripts[opened.length - 1];
      assert.ok(script, 'one stream too many');
      for await (const step of script(signal)) {
        if (step instanceof Error) throw step;
        yield step;
      }
    },
    strict: false,
    deadlines,
    wording: { address: 'here', language: 'en' },
    ...changes,
  });
  return { run, opened };
}

/** @param {AsyncIterable<RunEvent>} run */
async function tell(run) {
  const told = [];
  for await (const { sequence, event } of run) told.push(`${event.case} ${sequence}`);
  return told;
}

test('a whole stream is told as it comes, without the heartbeats', async () => {
  const { run, opened } = serve([() => [snapshot(0), delivery(1), heartbeat(1), delivery(2), end(2)]]);
  assert.deepEqual(await tell(run), ['snapshot 0', 'delivery 1', 'delivery 2', 'snapshot 2']);
  assert.deepEqual(opened, [undefined]);
  assert.equal((await run.result()).state, 'SUCCEEDED');
});

test('a stream that breaks goes on after the last event told; the snapshot in between is not an event', async () => {
  const { run, opened } = serve([
    () => [snapshot(0), delivery(1), delivery(3), lost()],
    () => [snapshot(3), lost()],
    () => [snapshot(3), delivery(4), end(4)],
  ]);
  assert.deepEqual(await tell(run), ['snapshot 0', 'delivery 1', 'delivery 3', 'delivery 4', 'snapshot 4']);
  assert.deepEqual(opened, [undefined, 'r-1 after 3', 'r-1 after 3']);
});

test('what a server tells again is not told again', async () => {
  const { run } = serve([
    () => [snapshot(0), delivery(1), delivery(2), lost()],
    () => [snapshot(0), delivery(1), delivery(2), delivery(3), end(3)],
  ]);
  assert.deepEqual(await tell(run), ['snapshot 0', 'delivery 1', 'delivery 2', 'delivery 3', 'snapshot 3']);
});

test('a start that nobody answered is made again, as the same call', async () => {
  const { run, opened } = serve([() => [lost()], () => [snapshot(0), end(1)]]);
  assert.equal((await run.result()).runId, 'r-1');
  assert.deepEqual(opened, [undefined, undefined]);
});

test('a stream that ends well before the run does is lost, too', async () => {
  const { run, opened } = serve([() => [snapshot(0), delivery(1)], () => [snapshot(1), end(2)]]);
  assert.deepEqual(await tell(run), ['snapshot 0', 'delivery 1', 'snapshot 2']);
  assert.equal(opened.length, 2);
});

test('a stream that is lost after the end of the run has told all', async () => {
  const { run } = serve([() => [snapshot(0), end(1), lost()]]);
  assert.deepEqual(await tell(run), ['snapshot 0', 'snapshot 1']);
});

test('with strict, an end that is not a success is an error, also when the stream broke just before', async () => {
  const { run } = serve(
    [
      () => [snapshot(0), end(1, Run_State.FAILED), lost()],
      () => [snapshot(1), end(1, Run_State.FAILED), refused('ABORTED', 'RUN_NOT_SUCCEEDED')],
    ],
    { strict: true },
  );
  await assert.rejects(tell(run), { reason: 'RUN_NOT_SUCCEEDED' });
});

test('a refusal ends it at once', async () => {
  const { run } = serve([() => [refused('FAILED_PRECONDITION', 'FILE_NOT_VERIFIED')]]);
  await assert.rejects(run.result(), { reason: 'FILE_NOT_VERIFIED' });
});

test('a silent stream is given up for another', async () => {
  async function* stalls(/** @type {AbortSignal} */ signal) {
    yield* [snapshot(0), delivery(1)];
    yield* silence(signal);
  }
  const { run, opened } = serve([stalls, () => [snapshot(1), end(2)]], { deadlines: { ...deadlines, silence: 20 } });
  assert.deepEqual(await tell(run), ['snapshot 0', 'delivery 1', 'snapshot 2']);
  assert.equal(opened.length, 2);
});

test('a run that cannot be found again ends with what it was lost with', async () => {
  const { run } = serve([() => [snapshot(0), lost()]], { deadlines: { ...deadlines, away: 10 } });
  await assert.rejects(tell(run), { code: 'UNAVAILABLE', retryable: true });
});

test('a start that is not answered ends with DEADLINE_EXCEEDED', async () => {
  const { run } = serve([silence], { deadlines: { ...deadlines, write: 20 } });
  await assert.rejects(run.started(), { code: 'DEADLINE_EXCEEDED' });
});

test('an abort ends the watching with its own reason', async () => {
  const stop = new AbortController();
  const { run } = serve([silence], { signal: stop.signal });
  const told = tell(run);
  stop.abort(new Error('enough'));
  await assert.rejects(told, { message: 'enough' });
});

test('a loop that is left can be taken up again where it was', async () => {
  const { run, opened } = serve([
    () => [snapshot(0), delivery(1), delivery(2)],
    () => [snapshot(1), delivery(2), end(2)],
  ]);
  for await (const { event } of run) if (event.case === 'delivery') break;
  assert.equal((await run.started()).runId, 'r-1');
  assert.deepEqual(await tell(run), ['snapshot 1', 'delivery 2', 'snapshot 2']);
  assert.deepEqual(opened, [undefined, 'r-1 after 1']);
});

test('two loops at once are refused', async () => {
  const { run } = serve([() => [snapshot(0), end(1)]]);
  for await (const { runId } of run) {
    assert.equal(runId, 'r-1');
    await assert.rejects(run.result(), /one loop at a time/);
  }
});
