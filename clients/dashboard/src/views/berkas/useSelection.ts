import { useCallback, useState } from 'react';

/** As many as one SyncAll takes. */
export const SELECTION_LIMIT = 1_000;

export interface Selection {
  ids: ReadonlySet<string>;
  isFull: boolean;
  toggle: (fileId: string) => void;
  /** Chooses these as well, as far as the limit allows. */
  addAll: (fileIds: readonly string[]) => void;
  clear: () => void;
}

/** The files that were ticked; they stay so while filters change. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((fileId: string) => setIds((now) => toggled(now, fileId)), []);
  const addAll = useCallback(
    (fileIds: readonly string[]) => setIds((now) => new Set([...now, ...fileIds].slice(0, SELECTION_LIMIT))),
    [],
  );
  const clear = useCallback(() => setIds(new Set()), []);
  return { ids, isFull: ids.size >= SELECTION_LIMIT, toggle, addAll, clear };
}

function toggled(ids: ReadonlySet<string>, fileId: string): ReadonlySet<string> {
  if (ids.has(fileId)) return new Set([...ids].filter((id) => id !== fileId));
  return ids.size >= SELECTION_LIMIT ? ids : new Set([...ids, fileId]);
}
