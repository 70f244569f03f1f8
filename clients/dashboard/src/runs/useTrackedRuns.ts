import { useServices } from '../api/ApiContext';
import { useObservable } from '../api/store';
import type { TrackedRun, TrackedRuns } from './trackedRuns';

export function useTrackedRunList(): TrackedRuns {
  return useServices().trackedRuns;
}

/** The runs that are under way, as far as the page follows them. */
export function useTrackedRuns(): readonly TrackedRun[] {
  return useObservable(useTrackedRunList());
}
