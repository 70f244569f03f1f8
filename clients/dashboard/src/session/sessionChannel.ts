// How the tabs of one browser agree on their common session.

export interface SessionChannel {
  tell: (change: 'signedIn' | 'signedOut') => void;
  listen: (listener: (change: 'signedIn' | 'signedOut') => void) => void;
  /** Runs `work` while no other tab runs its own. */
  exclusively: <T>(work: () => Promise<T>) => Promise<T>;
}

export function browserSessionChannel(name = 'satudata.session'): SessionChannel {
  const channel = new BroadcastChannel(name);
  return {
    tell: (change) => channel.postMessage(change),
    listen: (listener) =>
      channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (data === 'signedIn' || data === 'signedOut') listener(data);
      }),
    exclusively: withLock(name),
  };
}

/** Locks are there in secure contexts only; without them two tabs may renew at once, which costs one request. */
function withLock(name: string): SessionChannel['exclusively'] {
  const locks = navigator.locks as LockManager | undefined;
  return async <T>(work: () => Promise<T>): Promise<T> => (locks ? await locks.request(name, work) : work());
}
