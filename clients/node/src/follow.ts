// Where a run is followed from, and how long what is lost is looked for.
import { pauseBefore, sleep } from './backoff.js';
import type { SatuDataError } from './error.js';

/** Up to where a run has been told. */
export interface Place {
  runId: string;
  sequence: bigint;
}

/** Aborts one stream when it is silent for too long, or with the signal of whoever listens. */
export class Watchdog {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly silenceMs: number,
    private readonly silence: () => SatuDataError,
    private readonly outer: AbortSignal | undefined,
  ) {
    if (outer?.aborted) this.giveUp();
    outer?.addEventListener('abort', this.giveUp, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  expectSign(): void {
    this.rest();
    this.timer = setTimeout(() => this.controller.abort(this.silence()), this.silenceMs);
  }

  /** While whoever listens is busy with an event, the stream is not to blame. */
  rest(): void {
    clearTimeout(this.timer);
  }

  stop(): void {
    this.rest();
    this.outer?.removeEventListener('abort', this.giveUp);
  }

  private readonly giveUp = () => this.controller.abort(this.outer?.reason);
}

/** Pauses between tries, until they have been in vain for too long. */
export class Patience {
  private since: number | undefined;
  private attempt = 0;

  /** From here on time counts; without it, from the first failure. */
  begin(): void {
    this.since = Date.now();
  }

  renew(): void {
    this.since = undefined;
    this.attempt = 0;
  }

  async pause(error: SatuDataError, limitMs: number, signal?: AbortSignal): Promise<void> {
    this.since ??= Date.now();
    const pause = pauseBefore(this.attempt++, error);
    if (Date.now() + pause > this.since + limitMs) throw error;
    await sleep(pause, signal);
  }
}
