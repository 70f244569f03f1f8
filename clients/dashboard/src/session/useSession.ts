import { useMemo } from 'react';

import { useServices } from '../api/ApiContext';
import { useObservable } from '../api/store';
import type { Session } from '../gen/satudata/integration/v1/session_service_pb';
import type { SessionManager, SessionState } from './sessionManager';

export function useSessionManager(): SessionManager {
  return useServices().session;
}

export function useSessionState(): SessionState {
  return useObservable(useSessionManager());
}

/** Who is signed in. Only below the shell, which is shown to nobody else. */
export function useSession(): Session {
  const state = useSessionState();
  if (state.status !== 'signedIn' && state.status !== 'ended') throw new Error('nobody is signed in');
  return state.session;
}

/** As in Session.permissions. */
export type Permission = 'read' | 'verify' | 'sync' | 'manage-catalog' | 'manage-targets' | 'manage-accounts';

/** What whoever is signed in may do, so that the page offers no more; the server decides all the same. */
export function usePermissions(): { can: (permission: Permission) => boolean } {
  const { permissions } = useSession();
  return useMemo(() => ({ can: (permission) => permissions.includes(permission) }), [permissions]);
}
