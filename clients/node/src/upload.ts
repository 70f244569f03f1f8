import { createHash } from 'node:crypto';
import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** What can be sent: a Readable (a file, a request), any iterable of bytes or text, or the bytes themselves. */
export type Source = Readable | AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> | Uint8Array;

const MOST_BYTES = 512 * 1024; // a message may hold 1 MiB

/** What is known of bytes that are all at hand. */
export function measure(source: Source): { sha256?: string; sizeBytes?: bigint } {
  if (!(source instanceof Uint8Array)) return {};
  return { sha256: createHash('sha256').update(source).digest('hex'), sizeBytes: BigInt(source.byteLength) };
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += MOST_BYTES) yield bytes.subarray(at, at + MOST_BYTES);
}

function iterate(source: Source): AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string> {
  if (source instanceof Uint8Array) return [source];
  // A request whose upload is refused is still to be answered: closing it is up to who received it.
  if (source instanceof IncomingMessage) return source.iterator({ destroyOnReturn: false });
  return source as AsyncIterable<Uint8Array | string>;
}

/** The bytes in pieces that fit into a message. */
export async function* pieces(source: Source): AsyncGenerator<Uint8Array> {
  for await (const part of iterate(source)) yield* cut(typeof part === 'string' ? Buffer.from(part) : part);
}
