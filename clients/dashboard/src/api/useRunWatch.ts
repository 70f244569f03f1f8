import { useCallback, useSyncExternalStore } from 'react';

import { useServices } from './ApiContext';
import { EMPTY_VIEW, type RunView } from './runView';

const unwatch = () => undefined;

/** Follows a run while the component is there; undefined = none. Changes at most five times a second. */
export function useRunWatch(runId: string | undefined): RunView {
  const { watchers } = useServices();
  const subscribe = useCallback(
    (listener: () => void) => (runId === undefined ? unwatch : watchers.watch(runId, listener)),
    [watchers, runId],
  );
  return useSyncExternalStore(subscribe, () => (runId === undefined ? EMPTY_VIEW : watchers.view(runId)));
}
