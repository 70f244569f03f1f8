// Standard gRPC-Web clients, unchanged, against a running server: what a page's code would do.
//
//   client.mjs SCENARIO SERVER_URL TOKEN DESCRIPTOR_SET
//
// DESCRIPTOR_SET: a file with a serialized FileDescriptorSet of the API. Exits 0 if all was as it must be.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {create, createFileRegistry, fromBinary, toBinary} from '@bufbuild/protobuf';
import {FileDescriptorSetSchema} from '@bufbuild/protobuf/wkt';
import {Code, ConnectError, createClient} from '@connectrpc/connect';
import {createGrpcWebTransport} from '@connectrpc/connect-web';

const [scenario, baseUrl, token, descriptorSet] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptorSet)));
const api = 'satudata.integration.v1';
const authorization = {authorization: `Bearer ${token}`, 'accept-language': 'en'};

const authorize = (next) => (request) => {
  for (const [name, value] of Object.entries(authorization)) request.header.set(name, value);
  return next(request);
};
const connect = (service, interceptors = [authorize]) =>
  createClient(registry.getService(`${api}.${service}`), createGrpcWebTransport({baseUrl, interceptors}));

// The ErrorInfo of an error.
const infoOf = (error) => error.findDetails(registry.getMessage('google.rpc.ErrorInfo'))[0];
const failureOf = async (promise) => {
  try {
    await promise;
  } catch (error) {
    return ConnectError.from(error);
  }
  return assert.fail('it did not fail');
};
const collect = async (stream) => {
  const events = [];
  for await (const event of stream) events.push(event);
  return events;
};
const runState = (event) => registry.getEnum(`${api}.Run.State`).value[event.event.value.state].name;

// The whole of SyncAll: of the sample, some files are not fit to be sent.
const syncAll = () => collect(connect('IntegrationService').syncAll({targets: ['splp']}));

// grpc-web is CommonJS and made for XMLHttpRequest.
const grpcWeb = () => {
  const require = createRequire(import.meta.url);
  globalThis.XMLHttpRequest = require('xhr2');
  const {GrpcWebClientBase, MethodDescriptor, MethodType} = require('grpc-web');
  const method = (service, name) => {
    const {input, output, methodKind} = registry.getService(`${api}.${service}`).methods.find((m) => m.name === name);
    return new MethodDescriptor(
      `/${api}.${service}/${name}`, methodKind === 'unary' ? MethodType.UNARY : MethodType.SERVER_STREAMING, Object, Object,
      (request) => toBinary(input, create(input, request)), (bytes) => fromBinary(output, bytes));
  };
  const base = new GrpcWebClientBase({format: 'text'});
  return {
    unary: (service, name, request, metadata = authorization) =>
      base.unaryCall(`${baseUrl}/${api}.${service}/${name}`, request, metadata, method(service, name)),
    stream: (service, name, request) => new Promise((resolve, reject) => {
      const messages = [];
      base.serverStreaming(`${baseUrl}/${api}.${service}/${name}`, request, authorization, method(service, name))
        .on('data', (message) => messages.push(message))
        .on('error', reject)
        .on('end', () => resolve(messages));
    }),
  };
};

const scenarios = {
  async unary() {
    const {targets} = await connect('TargetService').listTargets({});
    assert.deepEqual(targets.map((target) => target.target), ['sipd', 'splp']);
  },

  async error() {
    const missing = await failureOf(connect('CatalogService').getFile({fileId: 'no-such-file'}));
    assert.equal(missing.code, Code.NotFound);
    assert.match(missing.rawMessage, /^File no-such-file is not in the catalogue/);
    assert.equal(infoOf(missing).reason, 'FILE_NOT_FOUND');
    assert.equal(infoOf(missing).metadata.file_id, 'no-such-file');
    const nobody = await failureOf(connect('TargetService', []).listTargets({}));
    assert.equal(nobody.code, Code.Unauthenticated);
    assert.equal(infoOf(nobody).reason, 'TOKEN_MISSING');
    // The other language, whose text is not ASCII alone everywhere, but always arrives as it was.
    assert.match(nobody.rawMessage, /^Permintaan ini tidak membawa token/);
  },

  async 'sync-all'() {
    const events = await syncAll();
    assert.equal(events[0].event.case, 'snapshot');
    assert.equal(runState(events.at(-1)), 'STATE_PARTIAL');
    const sequences = events.map((event) => event.sequence).filter((sequence) => sequence > 0n);
    assert.ok(sequences.every((sequence, i) => i === 0 || sequence >= sequences[i - 1]));
    assert.ok(sequences.length > 1);
  },

  async 'stream-error'() {
    const events = [];
    const failure = await failureOf((async () => {
      const stream = connect('IntegrationService').syncFile({fileId: 'unfit', targets: ['splp'], strict: true});
      for await (const event of stream) events.push(event);
    })());
    assert.ok(events.length >= 2);
    assert.equal(failure.code, Code.Aborted);
    assert.equal(infoOf(failure).reason, 'RUN_NOT_SUCCEEDED');
  },

  async resume() {
    const first = await syncAll();
    const runId = first[0].runId;
    const again = await collect(connect('IntegrationService').watchRun({runId, afterSequence: 0n}));
    assert.equal(again[0].event.case, 'snapshot');
    const deliveries = (events) => events.filter((event) => event.event.case === 'delivery');
    assert.ok(deliveries(again).length > 1);
    const middle = deliveries(again)[0].sequence;
    const rest = await collect(connect('IntegrationService').watchRun({runId, afterSequence: middle}));
    assert.equal(rest[0].event.case, 'snapshot');
    assert.equal(deliveries(rest).length, deliveries(again).length - 1);
    assert.ok(deliveries(rest).every((event) => event.sequence > middle));
    const ahead = await failureOf(collect(connect('IntegrationService').watchRun({runId, afterSequence: 1000000n})));
    assert.equal(ahead.code, Code.OutOfRange);
  },

  // Leaves a run that goes on, and goes away itself.
  async abort() {
    const abort = new AbortController();
    const stream = connect('IntegrationService').syncAll({targets: ['splp']}, {signal: abort.signal});
    const failure = await failureOf((async () => {
      for await (const event of stream) {
        if (event.event.case === 'delivery') abort.abort();
      }
    })());
    assert.equal(failure.code, Code.Canceled);
  },

  async timeout() {
    const begin = Date.now();
    const stream = connect('IntegrationService').syncAll({targets: ['splp']}, {timeoutMs: 700});
    const failure = await failureOf(collect(stream));
    assert.equal(failure.code, Code.DeadlineExceeded);
    assert.ok(Date.now() - begin < 20000);
  },

  async text() {
    const client = grpcWeb();
    const {targets} = await client.unary('TargetService', 'ListTargets', {});
    assert.equal(targets.length, 2);
    await assert.rejects(client.unary('CatalogService', 'GetFile', {fileId: 'zzz'}), (error) => {
      assert.equal(error.code, 5);
      assert.match(error.message, /^File zzz is not in the catalogue/);
      return true;
    });
    const events = await client.stream('IntegrationService', 'SyncAll', {targets: ['splp']});
    assert.equal(events[0].event.case, 'snapshot');
    assert.equal(runState(events.at(-1)), 'STATE_PARTIAL');
  },
};

assert.ok(scenarios[scenario], `there are ${Object.keys(scenarios).join(', ')}`);
await scenarios[scenario]();
// Kept connections would hold the process.
process.exit(0);
