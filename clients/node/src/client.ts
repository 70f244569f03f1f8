import { randomUUID } from 'node:crypto';

import type {
  DescMessage,
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';

import { Caller } from './caller.js';
import { openChannel } from './channel.js';
import { AccountService } from './gen/satudata/integration/v1/account_service_pb.js';
import {
  CatalogService,
  type ImportFilesResponse,
  type UploadContentHeadSchema,
  type UploadContentResponse,
} from './gen/satudata/integration/v1/catalog_service_pb.js';
import {
  IntegrationService,
  type RunEventSchema,
  type WatchRunRequestSchema,
} from './gen/satudata/integration/v1/integration_service_pb.js';
import { TargetService } from './gen/satudata/integration/v1/target_service_pb.js';
import { type CallOptions, type ConnectOptions, DEFAULT_DEADLINES } from './options.js';
import type { Place } from './follow.js';
import { type OpenStream, RunStream } from './run_stream.js';
import { measure, pieces, type Source } from './upload.js';

// SessionService is not among them: sessions are for people with a browser, a back end brings its token.
const SERVICES = [IntegrationService, CatalogService, TargetService, AccountService] as const;

type Methods = typeof IntegrationService.method &
  typeof CatalogService.method &
  typeof TargetService.method &
  typeof AccountService.method;

type Kind = Methods[keyof Methods]['methodKind'];
type Named<K extends Kind> = { [N in keyof Methods as Methods[N]['methodKind'] extends K ? N : never]: Methods[N] };
type Request<M> = M extends { input: infer I extends DescMessage } ? MessageInitShape<I> : never;
type Answer<M> = M extends { output: infer O extends DescMessage } ? MessageShape<O> : never;

type UnaryMethods = Named<'unary'>;
type RunMethods = Named<'server_streaming'>;

/** The methods with one answer. */
export type UnaryCalls = {
  [N in keyof UnaryMethods]: (
    request: Request<UnaryMethods[N]>,
    options?: CallOptions,
  ) => Promise<Answer<UnaryMethods[N]>>;
};

/** The methods that start a run, or watch one. */
export type RunCalls = {
  [N in keyof RunMethods]: (request: Request<RunMethods[N]>, options?: Omit<CallOptions, 'deadlineMs'>) => RunStream;
};

/** The methods that take a stream. */
export interface UploadCalls {
  /** Takes the portal's `mongoexport` output, and says what became of it and which lines were refused. */
  importFiles(source: Source, options?: Omit<CallOptions, 'deadlineMs'>): Promise<ImportFilesResponse>;
  /** Stores a file's content. `sha256` or `sizeBytes` is required, unless `source` is all the bytes in one. */
  uploadContent(
    head: MessageInitShape<typeof UploadContentHeadSchema>,
    source: Source,
    options?: Omit<CallOptions, 'deadlineMs'>,
  ): Promise<UploadContentResponse>;
}

/** Every method of the API that a back end needs, by its name. */
export type SatuDataClient = UnaryCalls & RunCalls & UploadCalls & { close(): void };

/** Connects when it is first used, and again whenever that is needed. */
export function connect(connection: ConnectOptions): SatuDataClient {
  const deadlines = { ...DEFAULT_DEADLINES, ...connection.deadlines };
  const caller = new Caller(openChannel(connection), connection, deadlines);
  const calls = { ...unaryCalls(caller), ...runCalls(caller), ...uploadCalls(caller), close: () => caller.close() };
  // The methods are those of the descriptions from which the type is made, too.
  return calls as unknown as SatuDataClient;
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === 'unary';
}

function unaryCalls(caller: Caller) {
  const bind = (method: DescMethodUnary) => (request: MessageInitShape<DescMessage>, options?: CallOptions) =>
    caller.unary(method, request, options);
  const methods = SERVICES.flatMap((service): DescMethod[] => service.methods).filter(isUnary);
  return Object.fromEntries(methods.map((method) => [method.localName, bind(method)]));
}

type StartMethod = DescMethodServerStreaming<DescMessage, typeof RunEventSchema>;
type WatchRequest = MessageInitShape<typeof WatchRunRequestSchema>;
interface StartRequest {
  requestId?: string;
  strict?: boolean;
}

function runCalls(caller: Caller) {
  const { syncFile, syncAll, retryRun } = IntegrationService.method;
  const starts: StartMethod[] = [syncFile, syncAll, retryRun, TargetService.method.withdrawIndicator];
  const bind = (method: StartMethod) => (request: StartRequest, options?: CallOptions) =>
    startRun(caller, method, request, options);
  return {
    ...Object.fromEntries(starts.map((method) => [method.localName, bind(method)])),
    watchRun: (request: WatchRequest, options?: CallOptions) => watchRun(caller, request, options),
  };
}

/** With a request id the start itself can be repeated: it attaches to the run that an earlier try has begun. */
function startRun(caller: Caller, method: StartMethod, request: StartRequest, options: CallOptions = {}): RunStream {
  const { strict = false, requestId = randomUUID() } = request;
  const start = { ...request, requestId } as MessageInitShape<DescMessage>;
  const open: OpenStream = (place, signal) =>
    place
      ? watch(caller, { ...place, strict }, { ...options, signal })
      : caller.open(method, start, { ...options, signal });
  return new RunStream({ ...whoFollows(caller, options), open, strict });
}

function watchRun(caller: Caller, request: WatchRequest, options: CallOptions = {}): RunStream {
  const { runId = '', afterSequence = 0n, strict = false } = request;
  const begin = { runId, sequence: afterSequence };
  const open: OpenStream = (place = begin, signal) => watch(caller, { ...place, strict }, { ...options, signal });
  return new RunStream({ ...whoFollows(caller, options), open, strict, place: begin });
}

function watch(caller: Caller, { runId, sequence, strict }: Place & { strict: boolean }, options: CallOptions) {
  return caller.open(IntegrationService.method.watchRun, { runId, afterSequence: sequence, strict }, options);
}

function whoFollows(caller: Caller, options: CallOptions) {
  return { deadlines: caller.deadlines, wording: caller.wording(options), signal: options.signal };
}

function uploadCalls(caller: Caller): UploadCalls {
  const { importFiles, uploadContent } = CatalogService.method;
  async function* chunks(source: Source) {
    for await (const chunk of pieces(source)) yield { chunk };
  }
  async function* parts(head: MessageInitShape<typeof UploadContentHeadSchema>, source: Source) {
    yield { part: { case: 'head' as const, value: { ...measure(source), ...head } } };
    for await (const value of pieces(source)) yield { part: { case: 'chunk' as const, value } };
  }
  return {
    importFiles: (source, options) => caller.upload(importFiles, chunks(source), options),
    uploadContent: (head, source, options) => caller.upload(uploadContent, parts(head, source), options),
  };
}
