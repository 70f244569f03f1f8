import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';

import { useServices } from '../api/ApiContext';
import { isServerAway } from '../api/failure';
import type { SessionState } from './sessionManager';
import { StartScreen } from './StartScreen';
import classes from './SessionGate.module.css';
import { useSessionState } from './useSession';

const SignInPage = lazy(async () => ({ default: (await import('./SignInPage')).SignInPage }));

interface SessionGateProps {
  portalToken: string | undefined;
  /** Loads what is shown first. */
  loadFirst: () => Promise<void>;
  children: ReactNode;
}

/** Shows the page to those who are signed in, and to the others how to sign in, at the address that they asked for. */
export function SessionGate({ portalToken, loadFirst, children }: SessionGateProps) {
  const state = useSessionState();
  const startError = useStart(portalToken);
  const isLoaded = useLoaded(loadFirst);
  if (state.status === 'starting') return <StartScreen error={startError} />;
  if (state.status === 'signedOut') {
    return (
      <Suspense fallback={<StartScreen error={undefined} />}>
        <SignInPage portalRefused={state.portalRefused ?? false} />
      </Suspense>
    );
  }
  if (!isLoaded) return <StartScreen error={undefined} />;
  return (
    <>
      <div key={state.session.username} className={classes.page} inert={state.status === 'ended'}>
        {children}
      </div>
      {state.status === 'ended' && <EndedSession state={state} />}
    </>
  );
}

/** Begins at once, while it is not known yet who is signed in. */
function useLoaded(load: () => Promise<void>): boolean {
  const [isLoaded, setIsLoaded] = useState(false);
  useEffect(() => {
    const done = () => setIsLoaded(true);
    load().then(done, done); // what cannot be loaded says so itself, in its place
  }, [load]);
  return isLoaded;
}

/** Over the page, which stays as it was. */
function EndedSession({ state }: { state: Extract<SessionState, { status: 'ended' }> }) {
  useEffect(quietPortals, []);
  return (
    <div className={classes.overlay}>
      <Suspense fallback={null}>
        <SignInPage endedFor={state.session.username} />
      </Suspense>
    </div>
  );
}

/** Dialogs and messages lie beside the page: they are not to be reached either until somebody is signed in again. */
function quietPortals(): () => void {
  const portals = [...document.querySelectorAll<HTMLElement>('body > [data-portal]')];
  for (const portal of portals) portal.inert = true;
  return () => {
    for (const portal of portals) portal.inert = false;
  };
}

/** Finds out who is signed in; while the server is away, again each time that it is back. */
function useStart(portalToken: string | undefined): unknown {
  const { session, presence } = useServices();
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const start = () => {
      if (session.get().status !== 'starting') return;
      setError(undefined);
      session.start(portalToken).catch((cause: unknown) => {
        if (!isServerAway(cause)) setError(cause);
      });
    };
    start();
    return presence.onReturn(start);
  }, [session, presence, portalToken]);
  return error;
}
