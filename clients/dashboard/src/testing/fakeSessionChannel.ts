import type { SessionChannel } from '../session/sessionChannel';

/** One browser's channel: pass the same `tabs` to each of its tabs. */
export function fakeSessionChannel(tabs: ((change: 'signedIn' | 'signedOut') => void)[] = []): SessionChannel {
  let own: ((change: 'signedIn' | 'signedOut') => void) | undefined;
  return {
    tell: (change) => tabs.filter((listener) => listener !== own).forEach((listener) => listener(change)),
    listen: (listener) => {
      own = listener;
      tabs.push(listener);
    },
    exclusively: (work) => work(),
  };
}
