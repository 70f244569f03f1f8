import type { ClientWritableStream } from '@grpc/grpc-js';

/** Writes what `messages` brings, and ends; stops when the call has its answer, which may be before the end. */
export async function pump<I, T>(
  call: ClientWritableStream<T>,
  messages: AsyncIterable<I>,
  make: (init: I) => T,
): Promise<void> {
  const over = new Promise<'over'>((resolve) => call.once('status', () => resolve('over')));
  const iterator = messages[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), over]);
    if (next === 'over') return void iterator.return?.();
    if (next.done) return void call.end();
    const written = new Promise((resolve) => call.write(make(next.value), resolve));
    await Promise.race([written, over]);
  }
}
