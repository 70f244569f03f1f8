import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { enumFromSlug, enumSlug } from '../../api/enumSlug';
import { Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';

export interface TurnFilter {
  /** UNSPECIFIED = any. */
  owner: Failure_Owner;
  /** Empty = any. */
  reason: string;
  /** Empty = any. */
  target: string;
}

/** Whose files the address asks for: `?owner=producer&reason=NUMBER_INVALID&target=sipd`. */
export function useTurnFilter(): [TurnFilter, (change: Partial<TurnFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(
    () => ({
      owner: enumFromSlug(Failure_Owner, search.get('owner')) ?? Failure_Owner.UNSPECIFIED,
      reason: search.get('reason') ?? '',
      target: search.get('target') ?? '',
    }),
    [search],
  );
  const change = (changes: Partial<TurnFilter>) => setSearch(turnSearch({ ...filter, ...changes }), { replace: true });
  return [filter, change];
}

export function turnSearch({ owner, reason, target }: TurnFilter): URLSearchParams {
  const entries = { owner: enumSlug(Failure_Owner, owner), reason, target };
  return new URLSearchParams(Object.entries(entries).filter(([, value]) => value !== ''));
}
