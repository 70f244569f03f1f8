// A value that changes and tells so: what lives outside of React and is shown by it.
import { useSyncExternalStore } from 'react';

export interface Observable<T> {
  get: () => T;
  /** Returns how to end it. */
  subscribe: (listener: () => void) => () => void;
}

export class Store<T> implements Observable<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(value: T): void {
    if (Object.is(value, this.value)) return;
    this.value = value;
    for (const listener of [...this.listeners]) listener();
  }
}

export function useObservable<T>(observable: Observable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get);
}
