import { useCallback, useSyncExternalStore } from 'react';

import { useServices } from './ApiContext';
import { EMPTY_VIEW, type RunView } from './runView';

const unwatch = () => undefined;

/**
 * Follows a run while the component is there; undefined = none. Changes at most five times a second. Who needs no
 * deliveries from before says so with `fromSequence`, which must stay as it is.
 */
export function useRunWatch(runId: string | undefined, fromSequence = 0n): RunView {
  const { watchers } = useServices();
  const subscribe = useCallback(
    (listener: () => void) => (runId === undefined ? unwatch : watchers.watch(runId, listener, fromSequence)),
    [watchers, runId, fromSequence],
  );
  return useSyncExternalStore(subscribe, () => (runId === undefined ? EMPTY_VIEW : watchers.view(runId)));
}
