// Whether the server can be reached: learned from every call, and while it cannot, by asking again and again.
import type { Interceptor } from '@connectrpc/connect';

import { isCancelled, isServerAway } from './failure';
import { type Observable, Store } from './store';

export interface Presence {
  /** Since when the server cannot be reached; undefined while it can. */
  awaySince: Date | undefined;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

export class ServerPresence implements Observable<Presence> {
  private readonly store = new Store<Presence>({ awaySince: undefined });
  private readonly returned = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waitMs = FIRST_WAIT_MS;
  private probing = false;

  /** `probe` is a cheap call through `interceptor`. */
  constructor(private readonly probe: () => Promise<unknown>) {}

  readonly subscribe = this.store.subscribe;
  readonly get = this.store.get;

  /** Calls back each time the server is there again; returns how to end that. */
  onReturn(listener: () => void): () => void {
    this.returned.add(listener);
    return () => this.returned.delete(listener);
  }

  /** Asks at once, for example because the page was looked at again. Does nothing while the server is there. */
  askNow = (): void => {
    if (this.get().awaySince === undefined || this.probing) return;
    clearTimeout(this.timer);
    void this.ask();
  };

  /** Learns from the calls that pass through it. */
  readonly interceptor: Interceptor = (next) => async (request) => {
    try {
      const response = await next(request);
      this.markHere();
      return response.stream ? { ...response, message: this.learnFrom(response.message) } : response;
    } catch (error) {
      this.learn(error);
      throw error;
    }
  };

  /** A stream may break later than its head came. */
  private async *learnFrom<T>(messages: AsyncIterable<T>): AsyncIterable<T> {
    try {
      yield* messages;
    } catch (error) {
      this.learn(error);
      throw error;
    }
  }

  private learn(error: unknown): void {
    if (isServerAway(error)) this.markAway();
    else if (!isCancelled(error)) this.markHere();
  }

  private markHere(): void {
    if (this.get().awaySince === undefined) return;
    clearTimeout(this.timer);
    this.waitMs = FIRST_WAIT_MS;
    this.store.set({ awaySince: undefined });
    for (const listener of [...this.returned]) listener();
  }

  private markAway(): void {
    if (this.get().awaySince !== undefined) return;
    this.store.set({ awaySince: new Date() });
    this.askLater();
  }

  private askLater(): void {
    // Between half the wait and all of it, so that many pages do not ask in step.
    const wait = this.waitMs * (0.5 + Math.random() / 2);
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
    this.timer = setTimeout(() => void this.ask(), wait);
  }

  private async ask(): Promise<void> {
    this.probing = true;
    try {
      await this.probe();
    } catch {
      // The interceptor has seen it.
    }
    this.probing = false;
    if (this.get().awaySince !== undefined) this.askLater();
  }
}
