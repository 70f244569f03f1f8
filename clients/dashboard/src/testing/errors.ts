import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';

import { ErrorInfoSchema, RetryInfoSchema } from '../gen/google/rpc/error_details_pb';

interface RefusalOptions {
  arguments?: Record<string, string>;
  retryAfterMs?: number;
}

/** An error as our server makes them. */
export function refusal(code: Code, reason: string, message: string, options: RefusalOptions = {}): ConnectError {
  const info = create(ErrorInfoSchema, { reason, domain: 'integration.satudata', metadata: options.arguments ?? {} });
  const details = [{ desc: ErrorInfoSchema, value: info }];
  if (options.retryAfterMs === undefined) return new ConnectError(message, code, undefined, details);
  const retry = create(RetryInfoSchema, { retryDelay: durationFromMs(options.retryAfterMs) });
  return new ConnectError(message, code, undefined, [...details, { desc: RetryInfoSchema, value: retry }]);
}

/** What a call throws when nothing answers. */
export function unreachable(): ConnectError {
  return new ConnectError('unreachable', Code.Unavailable);
}
