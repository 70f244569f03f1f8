// What the page says of a run, apart from its state.
import { toDate } from '../../api/timestamps';
import { type Run, Run_Kind } from '../../gen/satudata/integration/v1/resources_pb';
import type { commonId } from '../../i18n/common.id';

type KindWord = keyof (typeof commonId)['runKind'];

const KIND_WORDS: Record<Run_Kind, KindWord> = {
  [Run_Kind.UNSPECIFIED]: 'unspecified',
  [Run_Kind.SYNC_FILE]: 'syncFile',
  [Run_Kind.SYNC_ALL]: 'syncAll',
  [Run_Kind.RETRY]: 'retry',
  [Run_Kind.PREVIEW]: 'preview',
  [Run_Kind.WITHDRAW]: 'withdraw',
};

/** A kind of a newer server, which we do not know, is just a run. */
export function runKindWord(kind: Run_Kind): KindWord {
  return (KIND_WORDS as Partial<typeof KIND_WORDS>)[kind] ?? 'unspecified';
}

/** How long it took, or has taken by now; undefined before it begins. Clocks may differ, so never below 0. */
export function runSeconds(run: Run, now: Date): number | undefined {
  const start = toDate(run.startTime);
  const end = toDate(run.endTime) ?? now;
  return start && Math.max(0, (end.getTime() - start.getTime()) / 1000);
}

export function runPath(runId: string): string {
  return `/proses/${encodeURIComponent(runId)}`;
}
