import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';

import { useApi } from '../api/ApiContext';
import { newRequestId } from '../api/requestId';
import { firstSnapshot } from '../api/runs';
import { useTrackedRunList } from './useTrackedRuns';

export interface SyncOrder {
  targets: readonly string[];
  /** One file, a chosen few, or all that are verified. */
  files: { one: string } | { some: readonly string[] } | 'all';
  /** Also what has not changed, and what was refused before. */
  force?: boolean;
  /** Somebody has looked at the figures of a run that the guard stopped. */
  allowMassChange?: boolean;
  /** Only find out what it would do: nothing is sent. */
  validateOnly?: boolean;
}

/**
 * Starts a run and follows it from then on. Ordering the same again, because of a second click or a lost answer,
 * attaches to the run that the first order started.
 */
export function useStartRun() {
  const { integration } = useApi();
  const trackedRuns = useTrackedRunList();
  const last = useRef<{ order: string; requestId: string }>(undefined);
  const requestIdFor = (order: SyncOrder) => {
    const text = JSON.stringify(order);
    if (last.current?.order !== text) last.current = { order: text, requestId: newRequestId() };
    return last.current.requestId;
  };
  return useMutation({
    mutationFn: (order: SyncOrder) => {
      const { force = false, allowMassChange = false, validateOnly = false } = order;
      const common = { targets: [...order.targets], requestId: requestIdFor(order), force, validateOnly };
      const { files } = order;
      return firstSnapshot((signal) => {
        if (files === 'all') return integration.syncAll({ ...common, allowMassChange }, { signal });
        if ('one' in files) return integration.syncFile({ ...common, fileId: files.one }, { signal });
        return integration.syncAll({ ...common, allowMassChange, fileIds: [...files.some] }, { signal });
      });
    },
    onSuccess: (run, order) => {
      last.current = undefined; // the next order is a new one
      if (order.validateOnly) return; // nothing is under way
      trackedRuns.add(run, order.files === 'all' || 'one' in order.files ? [] : order.files.some);
    },
  });
}
