import { useState } from 'react';

import { type SyncOrder, useStartRun } from './useStartRun';

/** What a run of this order would do: asked for by hand, and only shown as long as the order stays the same. */
export function usePreview(order: SyncOrder) {
  const start = useStartRun();
  const [last, setLast] = useState<{ order: string; runId: string }>();
  const text = JSON.stringify(order);
  return {
    /** The run that finds out; undefined before it was asked for. */
    runId: last?.order === text ? last.runId : undefined,
    ask: () => {
      if (start.isPending) return;
      start.mutate({ ...order, validateOnly: true }, { onSuccess: ({ runId }) => setLast({ order: text, runId }) });
    },
    isAsking: start.isPending,
    error: start.error,
  };
}

export type PreviewRequest = ReturnType<typeof usePreview>;
