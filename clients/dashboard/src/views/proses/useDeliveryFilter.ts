import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { enumFromSlug, enumSlug } from '../../api/enumSlug';
import { Delivery_State } from '../../gen/satudata/integration/v1/resources_pb';

export interface DeliveryFilter {
  /** Empty = any. */
  target: string;
  /** Empty = any. */
  states: readonly Delivery_State[];
}

/** Which deliveries of a run the address asks for: `?target=sipd&state=rejected,parked`. */
export function useDeliveryFilter(): [DeliveryFilter, (change: Partial<DeliveryFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = useMemo(() => readFilter(search), [search]);
  const change = (changes: Partial<DeliveryFilter>) => {
    const { target, states } = { ...filter, ...changes };
    const slug = states.map((state) => enumSlug(Delivery_State, state)).join(',');
    const entries = { target, state: slug };
    setSearch(
      Object.entries(entries).filter(([, value]) => value !== ''),
      { replace: true },
    );
  };
  return [filter, change];
}

function readFilter(search: URLSearchParams): DeliveryFilter {
  const slugs = (search.get('state') ?? '').split(',');
  const states = slugs.map((slug) => enumFromSlug(Delivery_State, slug)).filter((state) => state !== undefined);
  return { target: search.get('target') ?? '', states: [...new Set(states)] };
}
