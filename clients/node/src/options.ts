/** Language of messages: Indonesian unless said otherwise. */
export type Language = 'id' | 'en';

/** PEM. Without `ca` the system's certificates are trusted; `cert` and `key` where the server asks for one. */
export interface Tls {
  ca?: Uint8Array | string | undefined;
  cert?: Uint8Array | string | undefined;
  key?: Uint8Array | string | undefined;
}

/** How long to wait, in milliseconds. */
export interface Deadlines {
  /** For a call that reads, with its repetitions. Default: 10,000. */
  read: number;
  /** For a call that changes something or probes a target, and until a run has begun. Default: 30,000. */
  write: number;
  /** A stream without any sign of life for so long is dead; the server gives one every 15 s. Default: 45,000. */
  silence: number;
  /** For how long a lost run is looked for again. Default: 300,000. */
  away: number;
}

export interface ConnectOptions {
  /** Host and port: `127.0.0.1:50051`. */
  address: string;
  /** Sent as `authorization: Bearer`. */
  token?: string | undefined;
  /** Asked before every call and every re-attachment, so that tokens may be short-lived. Wins over `token`. */
  tokenProvider?: (() => string | Promise<string>) | undefined;
  /** Without it the connection is not encrypted. */
  tls?: Tls | undefined;
  language?: Language | undefined;
  deadlines?: Partial<Deadlines>;
}

/** What one call may have of its own. */
export interface CallOptions {
  /** Gives the call up. Of a run it ends the watching, never the run: that is cancelRun. */
  signal?: AbortSignal | undefined;
  /** Instead of the default for its kind. Not for runs and uploads, which take as long as they take. */
  deadlineMs?: number | undefined;
  /** Of the person for whom the call is made: the service sees their role, and a run says who asked for it. */
  token?: string | undefined;
  language?: Language | undefined;
}

export const DEFAULT_DEADLINES: Deadlines = { read: 10_000, write: 30_000, silence: 45_000, away: 300_000 };
