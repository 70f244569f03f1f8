import { Run_Kind } from '../gen/satudata/integration/v1/resources_pb';
import type { commonId } from '../i18n/common.id';

type KindWord = keyof (typeof commonId)['runKind'];

const WORDS: Record<Run_Kind, KindWord> = {
  [Run_Kind.UNSPECIFIED]: 'unspecified',
  [Run_Kind.SYNC_FILE]: 'syncFile',
  [Run_Kind.SYNC_ALL]: 'syncAll',
  [Run_Kind.RETRY]: 'retry',
  [Run_Kind.PREVIEW]: 'preview',
  [Run_Kind.WITHDRAW]: 'withdraw',
};

/** The key of the word for a kind of run. */
export function runKindWord(kind: Run_Kind): KindWord {
  return (WORDS as Partial<typeof WORDS>)[kind] ?? 'unspecified';
}
