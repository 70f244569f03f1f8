import { type ChannelCredentials, type ChannelOptions, Client, credentials } from '@grpc/grpc-js';

import type { ConnectOptions, Tls } from './options.js';

const OPTIONS: ChannelOptions = {
  // A dead connection is noticed within half a minute, also by a stream that has nothing to tell. The server takes
  // pings at most every 10 s.
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // gRPC's own pause between connects would grow to two minutes and answer our repetitions from memory.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // A delivery with all its attempts may carry many bodies of 64 KiB.
  'grpc.max_receive_message_length': 64 << 20,
};

function bytes(pem: Uint8Array | string | undefined): Buffer | null {
  return pem === undefined ? null : Buffer.from(pem);
}

function credentialsFor(tls: Tls | undefined): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  return credentials.createSsl(bytes(tls.ca), bytes(tls.key), bytes(tls.cert));
}

/** A proxy from the environment cannot reach what listens on this machine. */
function isLoopback(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(address);
}

export function openChannel({ address, tls }: ConnectOptions): Client {
  const proxy = isLoopback(address) ? { 'grpc.enable_http_proxy': 0 } : {};
  return new Client(address, credentialsFor(tls), { ...OPTIONS, ...proxy });
}
