// Follows one run for as long as somebody looks at it, however often the stream breaks.
import { Code, ConnectError } from '@connectrpc/connect';

import type { RunEvent } from '../gen/satudata/integration/v1/integration_service_pb';
import { type Observable, Store } from './store';
import { isEnded } from './runs';
import { addEvent, EMPTY_VIEW, RecentDeliveries, type RunView } from './runView';

/** Opens the stream of events after a sequence. */
export type OpenStream = (afterSequence: bigint, signal: AbortSignal) => AsyncIterable<RunEvent>;

const RENDER_EVERY_MS = 200;
const SILENCE_MS = 45_000; // three heartbeats
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Another try changes nothing about these. */
const HOPELESS = new Set([Code.NotFound, Code.PermissionDenied, Code.InvalidArgument, Code.Unimplemented]);

export class RunWatcher implements Observable<RunView> {
  private readonly store = new Store<RunView>(EMPTY_VIEW);
  private next: RunView = EMPTY_VIEW;
  private readonly recent = new RecentDeliveries();
  private waitMs = FIRST_WAIT_MS;
  private stop: AbortController | undefined;
  private renderTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;
  private wake: (() => void) | undefined;

  /** `sequence`: what happened up to it need not be told. */
  constructor(
    private readonly open: OpenStream,
    private sequence = 0n,
  ) {}

  readonly get = this.store.get;
  readonly subscribe = this.store.subscribe;

  /** Begins, or goes on after pause(). Does nothing while it follows already or when there is nothing to follow. */
  start(): void {
    if (this.stop || this.next.connection === 'ended' || this.next.connection === 'failed') return;
    this.stop = new AbortController();
    void this.follow(this.stop);
  }

  /** Lets go of the stream; what is known stays. */
  pause(): void {
    this.stop?.abort();
    this.stop = undefined;
    this.wake?.();
    clearTimeout(this.silenceTimer);
    if (this.next.connection === 'live' || this.next.connection === 'away') this.show({ connection: 'paused' });
  }

  /** Tries at once where it waits for the server. */
  hurry(): void {
    this.waitMs = FIRST_WAIT_MS;
    this.wake?.();
  }

  private async follow(stop: AbortController): Promise<void> {
    const isStopped = () => stop.signal.aborted;
    while (!isStopped()) {
      const error = await this.readStream(stop);
      if (isStopped() || this.isSettled(error)) break;
      await this.waitABit(stop.signal);
    }
    if (this.stop === stop) this.stop = undefined;
  }

  /** Reads until the stream ends; returns what it broke with. */
  private async readStream(stop: AbortController): Promise<ConnectError | undefined> {
    const attempt = new AbortController();
    const giveUp = () => attempt.abort();
    stop.signal.addEventListener('abort', giveUp);
    try {
      this.expectSign(attempt);
      for await (const event of this.open(this.sequence, attempt.signal)) {
        this.expectSign(attempt);
        this.take(event);
      }
      return undefined;
    } catch (error) {
      return ConnectError.from(error);
    } finally {
      clearTimeout(this.silenceTimer);
      stop.signal.removeEventListener('abort', giveUp);
      attempt.abort();
    }
  }

  private expectSign(attempt: AbortController): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => attempt.abort(), SILENCE_MS);
  }

  private take(event: RunEvent): void {
    if (event.sequence > this.sequence) this.sequence = event.sequence;
    this.waitMs = FIRST_WAIT_MS;
    if (event.event.case === 'delivery') this.recent.add(event.event.value);
    this.next = { ...addEvent(this.next, event), connection: 'live', error: undefined };
    this.renderSoon();
  }

  /** Whether there is nothing more to follow. */
  private isSettled(error: ConnectError | undefined): boolean {
    if (!error && this.next.run && isEnded(this.next.run)) {
      this.show({ connection: 'ended' });
      return true;
    }
    if (error && HOPELESS.has(error.code)) {
      this.show({ connection: 'failed', error });
      return true;
    }
    if (error?.code === Code.OutOfRange) this.sequence = 0n; // the server knows less than we saw: all over again
    this.show({ connection: 'away', error });
    return false;
  }

  private waitABit(signal: AbortSignal): Promise<void> {
    const wait = this.waitMs * (0.5 + Math.random() / 2);
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, wait);
      this.wake = done;
      if (signal.aborted) done();
    });
  }

  private show(change: Partial<RunView>): void {
    this.next = { ...this.next, ...change };
    this.render();
  }

  private renderSoon(): void {
    if (this.renderTimer !== undefined) return;
    if (this.store.get().run === undefined) {
      this.render();
      return;
    }
    this.renderTimer = setTimeout(() => this.render(), RENDER_EVERY_MS);
  }

  private render(): void {
    clearTimeout(this.renderTimer);
    this.renderTimer = undefined;
    this.next = { ...this.next, deliveries: this.recent.newestFirst() };
    this.store.set(this.next);
  }
}
