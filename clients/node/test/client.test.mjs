// What goes over the wire when a server fails, seen from a server that fails on purpose.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';

import { connect, IntegrationService, Run_State, RunEventSchema, RunSchema } from '../dist/index.js';
import { ErrorInfoSchema } from '../dist/gen/google/rpc/error_details_pb.js';
import { StatusSchema } from '../dist/gen/google/rpc/status_pb.js';

/** @typedef {{[field: string]: unknown}} Fields */
/** @typedef {import('../dist/index.js').RunEvent} RunEvent */
/** @typedef {import('../dist/index.js').Run} Run */

const { syncFile, watchRun, getRun, cancelRun } = IntegrationService.method;
const server = new Server();
/** @type {import('../dist/index.js').SatuDataClient} */
let client;
/** Every call so far. @type {{name: string, request: Fields, token: unknown}[]} */
let calls = [];
/** How many more calls fail, and with what. */
let failures = 0;
/** @type {Partial<import('@grpc/grpc-js').StatusObject>} */
let failure;
let tokens = 0;

/** @param {import('@bufbuild/protobuf').DescMethod} method */
const definitionOf = (method) => ({
  path: `/${method.parent.typeName}/${method.name}`,
  requestStream: false,
  responseStream: method.methodKind === 'server_streaming',
  requestSerialize: () => Buffer.of(),
  requestDeserialize: (/** @type {Buffer} */ bytes) => fromBinary(method.input, bytes),
  responseSerialize: (/** @type {import('@bufbuild/protobuf').Message} */ message) =>
    Buffer.from(toBinary(method.output, message)),
  responseDeserialize: () => undefined,
});

/**
 * Notes a call; gives what it fails with.
 * @param {string} name
 * @param {{request: Fields, metadata: import('@grpc/grpc-js').Metadata}} call
 */
function take(name, call) {
  calls.push({ name, request: call.request, token: call.metadata.get('authorization')[0] });
  return failures-- > 0 ? failure : null;
}

/** @param {bigint} sequence @param {Run_State} state */
const snapshot = (sequence, state) =>
  create(RunEventSchema, { runId: 'r-1', sequence, event: { case: 'snapshot', value: { runId: 'r-1', state } } });

/** A stream breaks after its first event, or before it, or goes to the end. @param {string} name */
const stream = (name, breaksAfterwards = false) =>
  function (/** @type {import('@grpc/grpc-js').ServerWritableStream<Fields, RunEvent>} */ call) {
    const failure = take(name, call);
    if (failure) return call.emit('error', failure);
    call.write(snapshot(7n, Run_State.RUNNING));
    if (breaksAfterwards) return call.emit('error', { code: status.UNAVAILABLE, details: 'on purpose' });
    call.write(snapshot(9n, Run_State.SUCCEEDED));
    call.end();
  };

/** @param {string} name @returns {import('@grpc/grpc-js').handleUnaryCall<Fields, Run>} */
const unary = (name) => (call, done) => done(take(name, call), create(RunSchema, { runId: 'r-1' }));

before(async () => {
  const definition = { syncFile, watchRun, getRun, cancelRun };
  const handlers = {
    syncFile: stream('syncFile', true),
    watchRun: stream('watchRun'),
    getRun: unary('getRun'),
    cancelRun: unary('cancelRun'),
  };
  const entries = Object.entries(definition).map(([name, method]) => [name, definitionOf(method)]);
  server.addService(Object.fromEntries(entries), handlers);
  const port = await new Promise((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  client = connect({ address: `127.0.0.1:${port}`, tokenProvider: () => `t${++tokens}` });
});

after(() => {
  client.close();
  server.forceShutdown();
});

beforeEach(() => {
  calls = [];
  tokens = 0;
  failure = { code: status.UNAVAILABLE, details: 'on purpose' };
});

test('a read is repeated, what changes something is not', async () => {
  failures = 2;
  assert.equal((await client.getRun({ runId: 'r-1' })).runId, 'r-1');
  assert.equal(calls.length, 3);
  failures = 1;
  await assert.rejects(client.cancelRun({ runId: 'r-1' }), { code: 'UNAVAILABLE' });
  assert.equal(calls.length, 4);
});

test('what came too fast is repeated, whatever it is', async () => {
  const info = create(ErrorInfoSchema, { reason: 'TOO_MANY_CALLS', metadata: { limit: '200', seconds: '1' } });
  const details = create(StatusSchema, { details: [anyPack(ErrorInfoSchema, info)] });
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(toBinary(StatusSchema, details)));
  failure = { code: status.RESOURCE_EXHAUSTED, details: 'too fast', metadata };
  failures = 1;
  assert.equal((await client.cancelRun({ runId: 'r-1' })).runId, 'r-1');
  assert.equal(calls.length, 2);
});

test('a start is repeated under one request id, then watched from its last event, with a fresh token each time', async () => {
  failures = 2;
  assert.equal((await client.syncFile({ fileId: 'f-1' }).result()).state, 'SUCCEEDED');
  assert.deepEqual(
    calls.map(({ name, token }) => `${name} ${token}`),
    ['syncFile Bearer t1', 'syncFile Bearer t2', 'syncFile Bearer t3', 'watchRun Bearer t4'],
  );
  const ids = calls.slice(0, 3).map(({ request }) => request.requestId);
  assert.match(String(ids[0]), /^[0-9a-f-]{36}$/);
  assert.deepEqual(new Set(ids).size, 1);
  assert.equal(calls[3]?.request.runId, 'r-1');
  assert.equal(calls[3]?.request.afterSequence, 7n);
});

test('two starts are two runs, unless they are given one request id', async () => {
  await client.syncFile({ fileId: 'f-1' }).started();
  await client.syncFile({ fileId: 'f-1' }).started();
  await client.syncFile({ fileId: 'f-1', requestId: 'mine' }).started();
  const ids = calls.map(({ request }) => request.requestId);
  assert.notEqual(ids[0], ids[1]);
  assert.equal(ids[2], 'mine');
});
