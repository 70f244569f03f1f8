// What went wrong with a call, in the words of the server where it has some.
import { Code, ConnectError } from '@connectrpc/connect';

import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '../gen/google/rpc/error_details_pb';

const DOMAIN = 'integration.satudata';

export interface CallFailure {
  code: Code;
  /** One of those listed at Failure.reason; empty when it is not our server that speaks. */
  reason: string;
  /** Cause and cure in the caller's language; empty when the server could not be reached. */
  message: string;
  /** The variable parts of the message, by name. */
  arguments: Readonly<Record<string, string>>;
  fieldViolations: readonly { field: string; description: string }[];
  /** How long to wait before another try, where the server says so. */
  retryAfterMs: number | undefined;
}

/** Reads the failure out of whatever a call threw. */
export function toFailure(error: unknown): CallFailure {
  const connectError = ConnectError.from(error);
  const info = connectError.findDetails(ErrorInfoSchema).find((detail) => detail.domain === DOMAIN);
  const retry = connectError.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return {
    code: connectError.code,
    reason: info?.reason ?? '',
    message: info ? connectError.rawMessage : '',
    arguments: info?.metadata ?? {},
    fieldViolations: connectError.findDetails(BadRequestSchema).flatMap((detail) => detail.fieldViolations),
    retryAfterMs: retry && Number(retry.seconds) * 1000 + retry.nanos / 1e6,
  };
}

/** Whether a call failed because it was given up here: nobody needs to be told. */
export function isCancelled(error: unknown): boolean {
  return ConnectError.from(error).code === Code.Canceled;
}

/** Whether a call says that the caller is not known (any more). */
export function isUnauthenticated(error: unknown): boolean {
  return ConnectError.from(error).code === Code.Unauthenticated;
}

/**
 * Whether the server itself could not be reached, or is about to stop. A server that answers with a reason is there,
 * even where the answer is UNAVAILABLE: then a target is away, or its database.
 */
export function isServerAway(error: unknown): boolean {
  const connectError = ConnectError.from(error);
  const { reason } = toFailure(connectError);
  if (reason !== '') return reason === 'SERVER_STOPPING';
  if (connectError.cause instanceof TypeError) return true; // what fetch throws when there is no answer
  const isSilent = connectError.code === Code.Unavailable || connectError.code === Code.DeadlineExceeded;
  return isSilent || connectError.rawMessage === 'missing trailer';
}
