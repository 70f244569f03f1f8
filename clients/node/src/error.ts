import { fromBinary } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { type ServiceError, status } from '@grpc/grpc-js';

import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from './gen/google/rpc/error_details_pb.js';
import { StatusSchema } from './gen/google/rpc/status_pb.js';
import { REASONS } from './gen/reasons.js';
import { Failure_Owner } from './gen/satudata/integration/v1/resources_pb.js';
import type { Language } from './options.js';
import { wordSilence } from './words.js';

/** Name of a gRPC status: `NOT_FOUND`. */
export type Code = keyof typeof status;

/** A reason that was known when this client was built; servers may have newer ones. */
export type Reason = keyof typeof REASONS;

export interface FieldViolation {
  /** Its path in the request: `file_id`. */
  field: string;
  description: string;
}

interface Details {
  code: Code;
  message: string;
  reason?: Reason | (string & {});
  arguments?: Record<string, string>;
  fieldViolations?: FieldViolation[];
  retryAfterMs?: number;
  cause?: unknown;
}

/** Why a call did not go well. `message` is whole: what happened and what mends it, in the language of the call. */
export class SatuDataError extends Error {
  override readonly name = 'SatuDataError';
  readonly code: Code;
  /** Stable, see "Reasons" in the README of the service; empty when no server of ours spoke. */
  readonly reason: Reason | (string & {});
  /** The part of `message` that says what to do. */
  readonly cure: string;
  /** Whose turn it is. */
  readonly owner: Failure_Owner;
  /** The variable parts of `message`, by name. */
  readonly arguments: Record<string, string>;
  readonly fieldViolations: FieldViolation[];
  /** Whether the same may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** How long to leave the server alone, where it says so. */
  readonly retryAfterMs: number | undefined;

  constructor(details: Details) {
    super(details.message, { cause: details.cause });
    this.code = details.code;
    this.reason = details.reason ?? '';
    this.arguments = details.arguments ?? {};
    this.fieldViolations = details.fieldViolations ?? [];
    this.retryAfterMs = details.retryAfterMs;
    this.cure = cureIn(details.message, Object.values(this.arguments));
    const { owner, retryable } = judge(this.reason, this.code);
    this.owner = owner;
    this.retryable = retryable;
  }
}

function isKnown(reason: string): reason is Reason {
  return Object.hasOwn(REASONS, reason);
}

function judge(reason: string, code: Code): { owner: Failure_Owner; retryable: boolean } {
  if (isKnown(reason)) return REASONS[reason];
  const retryable = code === 'UNAVAILABLE' || code === 'DEADLINE_EXCEEDED';
  return { owner: retryable ? Failure_Owner.OPERATOR : Failure_Owner.UNSPECIFIED, retryable };
}

/** What follows the first sentence. A name within it may hold what looks like its end, and is blotted out for that. */
function cureIn(message: string, values: string[]): string {
  const blotted = values
    .filter((value) => value !== '')
    .reduce((text, value) => text.replaceAll(value, '*'.repeat(value.length)), message);
  const end = blotted.indexOf('. ');
  return end < 0 ? '' : message.slice(end + 2);
}

/** Whoever words an error for a person: where the server is said to be, and in which language. */
export interface Wording {
  address: string;
  language: Language;
}

/** An error of the transport, of a proxy, or of our server, as one of ours. */
export function toSatuDataError(error: ServiceError, wording: Wording): SatuDataError {
  const code = status[error.code] as Code;
  const told = readDetails(error);
  if (told.reason === undefined && (code === 'UNAVAILABLE' || code === 'DEADLINE_EXCEEDED')) {
    return silent(code, wording, error);
  }
  return new SatuDataError({ ...told, code, message: error.details, cause: error });
}

/** Nobody answered. */
export function silent(code: 'UNAVAILABLE' | 'DEADLINE_EXCEEDED', wording: Wording, cause?: unknown): SatuDataError {
  return new SatuDataError({ code, message: wordSilence(code, wording.address, wording.language), cause });
}

function readDetails(error: ServiceError): Omit<Details, 'code' | 'message'> {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  if (!(bytes instanceof Uint8Array)) return {};
  const { details } = fromBinary(StatusSchema, bytes);
  const info = details.map((detail) => anyUnpack(detail, ErrorInfoSchema)).find(Boolean);
  const bad = details.map((detail) => anyUnpack(detail, BadRequestSchema)).find(Boolean);
  const delay = details.map((detail) => anyUnpack(detail, RetryInfoSchema)).find(Boolean)?.retryDelay;
  return {
    ...(info && { reason: info.reason, arguments: info.metadata }),
    fieldViolations: bad?.fieldViolations.map(({ field, description }) => ({ field, description })) ?? [],
    retryAfterMs: delay && Number(delay.seconds) * 1000 + delay.nanos / 1e6,
  };
}

const PASSING = new Set(['', 'SERVER_STOPPING', 'STORE_UNAVAILABLE', 'OVERLOADED']);

/** Whether the server itself is away for a moment; UNAVAILABLE also says that a target is. */
export function isServerAway(error: unknown): error is SatuDataError {
  return error instanceof SatuDataError && error.code === 'UNAVAILABLE' && PASSING.has(error.reason);
}

/** Whether the server did not even look at it, since the caller calls too often. */
export function isTooFast(error: unknown): error is SatuDataError {
  return error instanceof SatuDataError && error.reason === 'TOO_MANY_CALLS';
}

const BROKEN = new Set<Code>(['UNAVAILABLE', 'CANCELLED', 'INTERNAL', 'UNKNOWN', 'DEADLINE_EXCEEDED']);

const CROWDED = new Set(['TOO_MANY_STREAMS', 'TOO_MANY_OWN_STREAMS', 'TOO_MANY_CALLS']);

/** Whether a stream was lost, rather than refused. Without a reason it was a proxy or the transport that spoke. */
export function isStreamLost(error: unknown): error is SatuDataError {
  if (!(error instanceof SatuDataError)) return false;
  if (error.reason === '') return BROKEN.has(error.code);
  return PASSING.has(error.reason) || CROWDED.has(error.reason);
}
