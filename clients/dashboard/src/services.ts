// Wires the page together, and to the browser that shows it.
import type { Interceptor } from '@connectrpc/connect';

import { notifications } from '@mantine/notifications';

import type { Services } from './api/ApiContext';
import { createApi, type TransportFactory } from './api/client';
import { createQueryClient } from './api/queryClient';
import { RunWatchers } from './api/runWatchers';
import { ServerPresence } from './api/serverPresence';
import { currentLanguage } from './i18n/language';
import { TrackedRuns } from './runs/trackedRuns';
import { authInterceptor } from './session/authInterceptor';
import { takePortalToken } from './session/portalToken';
import type { SessionChannel } from './session/sessionChannel';
import { SessionManager } from './session/sessionManager';

/** How long a page that nobody looks at goes on following runs. */
const HIDDEN_MS = 60_000;

/** The server words its messages in this language. */
const languageInterceptor: Interceptor = (next) => (request) => {
  request.header.set('accept-language', currentLanguage());
  return next(request);
};

export function createServices(transportFactory: TransportFactory, channel: SessionChannel): Services {
  const presence: ServerPresence = new ServerPresence(() => session.signInOptions());
  const session: SessionManager = new SessionManager(
    transportFactory([presence.interceptor, languageInterceptor]),
    channel,
  );
  const api = createApi(transportFactory([authInterceptor(session), presence.interceptor, languageInterceptor]));
  const queryClient = createQueryClient();
  const watchers = new RunWatchers(api);
  const trackedRuns = new TrackedRuns();
  presence.onReturn(() => {
    watchers.hurryAll();
    void queryClient.invalidateQueries();
  });
  onLeaving(session, () => {
    queryClient.clear();
    trackedRuns.clear();
    notifications.clean();
  });
  return { api, session, presence, queryClient, watchers, trackedRuns };
}

/** Nobody is shown what was loaded for somebody else. */
function onLeaving(session: SessionManager, forget: () => void): void {
  let last: string | undefined;
  session.subscribe(() => {
    const state = session.get();
    const username = state.status === 'signedIn' || state.status === 'ended' ? state.session.username : undefined;
    if (last !== undefined && username !== last) forget();
    last = username;
  });
}

/** Reacts to the page being looked at or not, and to the network coming back; returns how to end that. */
export function connectToPage({ presence, watchers, session }: Services): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let hiddenTimer: ReturnType<typeof setTimeout> | undefined;
  const lookAgain = () => {
    presence.askNow();
    watchers.hurryAll();
  };
  const onVisibility = () => {
    clearTimeout(hiddenTimer);
    if (document.visibilityState === 'hidden') {
      hiddenTimer = setTimeout(() => watchers.pauseAll(), HIDDEN_MS);
    } else {
      watchers.resumeAll();
      lookAgain();
    }
  };
  // A portal may send people back to a page that is open: only the fragment changes then.
  const onFragment = () => {
    const portalToken = takePortalToken();
    if (portalToken !== undefined) void session.adopt(portalToken).catch(() => undefined);
  };
  window.addEventListener('hashchange', onFragment, { signal });
  window.addEventListener('online', lookAgain, { signal });
  window.addEventListener('focus', lookAgain, { signal });
  document.addEventListener('visibilitychange', onVisibility, { signal });
  signal.addEventListener('abort', () => clearTimeout(hiddenTimer));
  return () => stop.abort();
}
