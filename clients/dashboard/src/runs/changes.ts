// What a preview says of the values of a file. Pure.
import { Delivery_State, type Record as Value, Record_Change_Kind } from '../gen/satudata/integration/v1/resources_pb';
import type { runsId } from './texts.id';

export type ChangeWord = keyof (typeof runsId)['preview']['change'];

const WORDS: Partial<Record<Record_Change_Kind, ChangeWord>> = {
  [Record_Change_Kind.CREATE]: 'create',
  [Record_Change_Kind.UPDATE]: 'update',
  [Record_Change_Kind.SAME]: 'same',
  [Record_Change_Kind.WITHDRAW]: 'withdraw',
  [Record_Change_Kind.REFUSED]: 'refused',
};

/** `unknown`: what the target holds could not be read. */
export function changeWord({ state, change }: Value): ChangeWord {
  if (state === Delivery_State.REJECTED) return 'refused';
  if (state === Delivery_State.UNCHANGED) return 'same';
  return (change && WORDS[change.kind]) ?? 'unknown';
}

/** In the order in which somebody asks: what is new, what changes, what stays, what is refused. */
const ORDER: readonly ChangeWord[] = ['create', 'update', 'same', 'withdraw', 'refused', 'unknown'];

export function byChange(values: readonly Value[]): ReadonlyMap<ChangeWord, Value[]> {
  const groups = new Map<ChangeWord, Value[]>(ORDER.map((word) => [word, []]));
  for (const value of values) groups.get(changeWord(value))?.push(value);
  return new Map([...groups].filter(([, group]) => group.length > 0));
}
