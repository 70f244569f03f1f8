// Calls methods by their generated descriptions, over grpc-js.
import {
  create,
  type DescMessage,
  type DescMethod,
  type DescMethodClientStreaming,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { type Client, Metadata, type ServiceError } from '@grpc/grpc-js';

import { pauseBefore, sleep } from './backoff.js';
import { isServerAway, isTooFast, toSatuDataError, type Wording } from './error.js';
import type { CallOptions, ConnectOptions, Deadlines } from './options.js';
import { pump } from './pump.js';

/** Calls that change nothing, and may therefore be repeated. */
function isSafe(method: DescMethod): boolean {
  return /^(Get|List|Check)/.test(method.name);
}

function codec<I extends DescMessage, O extends DescMessage>(method: DescMethod & { input: I; output: O }) {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    encode: (message: MessageShape<I>) => Buffer.from(toBinary(method.input, message)),
    decode: (bytes: Buffer) => fromBinary(method.output, bytes),
  };
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'metadata' in error && 'details' in error;
}

/** Calls `give` when the signal is aborted; returns what undoes that. */
function onAbort(signal: AbortSignal | undefined, give: () => void): () => void {
  if (signal?.aborted) give();
  signal?.addEventListener('abort', give, { once: true });
  return () => signal?.removeEventListener('abort', give);
}

export class Caller {
  constructor(
    private readonly client: Client,
    private readonly connection: ConnectOptions,
    readonly deadlines: Deadlines,
  ) {}

  close(): void {
    this.client.close();
  }

  wording(options: CallOptions): Wording {
    return { address: this.connection.address, language: options.language ?? this.connection.language ?? 'id' };
  }

  /**
   * One answer; what is safe is asked for again while the server is away, and anything that it refused for coming too
   * fast, as long as the deadline allows.
   */
  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    options: CallOptions = {},
  ): Promise<MessageShape<O>> {
    const deadline = Date.now() + (options.deadlineMs ?? this.deadlineFor(method));
    for (let attempt = 0; ; ++attempt) {
      try {
        return await this.once(method, create(method.input, request), deadline, options);
      } catch (error) {
        if (!isTooFast(error) && !(isSafe(method) && isServerAway(error))) throw error;
        const pause = pauseBefore(attempt, error);
        if (Date.now() + pause >= deadline) throw error;
        await sleep(pause, options.signal);
      }
    }
  }

  /** What one stream brings, until it ends or breaks. */
  async *open<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    options: CallOptions,
  ): AsyncGenerator<MessageShape<O>> {
    const { path, encode, decode } = codec(method);
    const metadata = await this.metadata(options);
    const call = this.client.makeServerStreamRequest(path, encode, decode, create(method.input, request), metadata);
    // The loop below is told of errors; one that comes after it would end the process.
    call.on('error', () => undefined);
    const unhook = onAbort(options.signal, () => call.cancel());
    try {
      yield* call;
    } catch (error) {
      throw this.judge(error, options);
    } finally {
      unhook();
      call.cancel();
    }
  }

  /** Sends all messages, no faster than they are taken, and returns the answer; an early answer ends the sending. */
  async upload<I extends DescMessage, O extends DescMessage>(
    method: DescMethodClientStreaming<I, O>,
    messages: AsyncIterable<MessageInitShape<I>>,
    options: CallOptions = {},
  ): Promise<MessageShape<O>> {
    const { path, encode, decode } = codec(method);
    const metadata = await this.metadata(options);
    return this.settle(options, (done) => {
      const call = this.client.makeClientStreamRequest(path, encode, decode, metadata, done);
      const init = (message: MessageInitShape<I>) => create(method.input, message);
      pump(call, messages, init).catch((error: unknown) => {
        // The source failed: what it was in the middle of must not look whole.
        done(error as Error);
        call.cancel();
      });
      return call;
    });
  }

  private deadlineFor(method: DescMethod): number {
    // CheckTarget changes nothing, but waits for another system.
    return /^(Get|List)/.test(method.name) ? this.deadlines.read : this.deadlines.write;
  }

  private async once<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    deadline: number,
    options: CallOptions,
  ): Promise<MessageShape<O>> {
    const { path, encode, decode } = codec(method);
    const metadata = await this.metadata(options);
    return this.settle(options, (done) =>
      this.client.makeUnaryRequest(path, encode, decode, request, metadata, { deadline }, done),
    );
  }

  /** A call with one answer as a promise. */
  private async settle<T>(
    options: CallOptions,
    begin: (done: (error: Error | null, answer?: T) => void) => { cancel(): void },
  ): Promise<T> {
    options.signal?.throwIfAborted();
    const answered = new Promise<T>((resolve, reject) => {
      const call = begin((error, answer) => {
        unhook();
        if (error) reject(error);
        else resolve(answer as T);
      });
      const unhook = onAbort(options.signal, () => call.cancel());
    });
    return answered.catch((error: unknown) => {
      throw this.judge(error, options);
    });
  }

  /** An error that the caller's own signal brought about is that signal's. */
  private judge(error: unknown, options: CallOptions): unknown {
    if (options.signal?.aborted) return options.signal.reason;
    return isServiceError(error) ? toSatuDataError(error, this.wording(options)) : error;
  }

  private async metadata(options: CallOptions): Promise<Metadata> {
    const { token, tokenProvider } = this.connection;
    const bearer = options.token ?? (tokenProvider ? await tokenProvider() : token);
    const metadata = new Metadata();
    if (bearer) metadata.set('authorization', `Bearer ${bearer}`);
    metadata.set('accept-language', this.wording(options).language);
    return metadata;
  }
}
