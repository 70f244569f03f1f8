import { useSearchParams } from 'react-router';

import { enumFromSlug, enumSlug } from '../../api/enumSlug';
import { Run_Kind, Run_State } from '../../gen/satudata/integration/v1/resources_pb';

export interface RunFilter {
  /** UNSPECIFIED = any. */
  state: Run_State;
  /** UNSPECIFIED = any. */
  kind: Run_Kind;
}

/** Which runs the address asks for: `?state=running&kind=sync-all`. */
export function useRunFilter(): [RunFilter, (change: Partial<RunFilter>) => void] {
  const [search, setSearch] = useSearchParams();
  const filter = {
    state: enumFromSlug(Run_State, search.get('state')) ?? Run_State.UNSPECIFIED,
    kind: enumFromSlug(Run_Kind, search.get('kind')) ?? Run_Kind.UNSPECIFIED,
  };
  const change = (changes: Partial<RunFilter>) => {
    const { state, kind } = { ...filter, ...changes };
    const entries = { state: enumSlug(Run_State, state), kind: enumSlug(Run_Kind, kind) };
    setSearch(
      Object.entries(entries).filter(([, slug]) => slug !== ''),
      { replace: true },
    );
  };
  return [filter, change];
}
