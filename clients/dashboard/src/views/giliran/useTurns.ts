import { useSummary } from '../../api/useSummary';
import { Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';

const REFRESH_MS = 30_000;

/** Who may be waited for, in the order in which they are shown. */
export const OWNERS = [
  Failure_Owner.PRODUCER,
  Failure_Owner.DATA_STEWARD,
  Failure_Owner.OPERATOR,
  Failure_Owner.TARGET,
] as const;

/** Whose turn it is, the largest first. Nothing else of the summary is needed, so no more than today is asked for. */
export function useTurns() {
  return useSummary({ dayCount: 1, refreshMs: REFRESH_MS });
}
