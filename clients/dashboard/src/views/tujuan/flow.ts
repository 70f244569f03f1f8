// What a target's condition means, in plain words: colour, icon and the key of the word.
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconClockPause from '@tabler/icons-react/icons/IconClockPause';
import IconHelpCircle from '@tabler/icons-react/icons/IconHelpCircle';
import IconPlayerPause from '@tabler/icons-react/icons/IconPlayerPause';
import IconPlugX from '@tabler/icons-react/icons/IconPlugX';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';

import type { Look } from '../../components/states';
import { type Target, Target_Circuit } from '../../gen/satudata/integration/v1/resources_pb';
import type { tujuanId } from './texts.id';

export type FlowWord = keyof (typeof tujuanId)['flow'];
export type CircuitWord = 'closed' | 'open' | 'halfOpen' | 'unknown';

const CIRCUIT_WORDS: Partial<Record<Target_Circuit, CircuitWord>> = {
  [Target_Circuit.CLOSED]: 'closed',
  [Target_Circuit.OPEN]: 'open',
  [Target_Circuit.HALF_OPEN]: 'halfOpen',
};

export function circuitWord(circuit: Target_Circuit): CircuitWord {
  return CIRCUIT_WORDS[circuit] ?? 'unknown';
}

/** The one thing to know about a target: somebody's decision first, then a broken circuit, then any other wait. */
export function flowOf({ paused, circuit, wait }: Pick<Target, 'paused' | 'circuit' | 'wait'>): Look<FlowWord> {
  if (paused) return { tone: 'warn', icon: IconPlayerPause, word: 'paused' };
  if (circuit === Target_Circuit.OPEN) return { tone: 'bad', icon: IconPlugX, word: 'open' };
  if (wait) return { tone: 'warn', icon: IconClockPause, word: 'waiting' };
  if (circuit === Target_Circuit.HALF_OPEN) return { tone: 'info', icon: IconRefresh, word: 'halfOpen' };
  if (circuit === Target_Circuit.CLOSED) return { tone: 'good', icon: IconCircleCheck, word: 'flowing' };
  return { tone: 'neutral', icon: IconHelpCircle, word: 'unknown' };
}
