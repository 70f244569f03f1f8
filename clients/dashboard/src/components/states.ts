// How each state looks: colour, icon and the key of its word.
import type { TablerIcon } from '@tabler/icons-react';
import IconArchive from '@tabler/icons-react/icons/IconArchive';
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp';
import IconBan from '@tabler/icons-react/icons/IconBan';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import IconCircleHalf2 from '@tabler/icons-react/icons/IconCircleHalf2';
import IconCircleX from '@tabler/icons-react/icons/IconCircleX';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconClockPause from '@tabler/icons-react/icons/IconClockPause';
import IconEqual from '@tabler/icons-react/icons/IconEqual';
import IconEye from '@tabler/icons-react/icons/IconEye';
import IconHelpCircle from '@tabler/icons-react/icons/IconHelpCircle';
import IconMinus from '@tabler/icons-react/icons/IconMinus';
import IconPlayerSkipForward from '@tabler/icons-react/icons/IconPlayerSkipForward';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';

import { Delivery_State, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import type { commonId } from '../i18n/common.id';
import type { Tone } from './tones';

export interface Look<Word> {
  tone: Tone;
  icon: TablerIcon;
  word: Word;
  spinning?: boolean;
}

type DeliveryWord = keyof (typeof commonId)['deliveryState'];
type RunWord = keyof (typeof commonId)['runState'];

const DELIVERY_LOOKS: Record<Delivery_State, Look<DeliveryWord>> = {
  [Delivery_State.UNSPECIFIED]: { tone: 'neutral', icon: IconMinus, word: 'unspecified' },
  [Delivery_State.QUEUED]: { tone: 'neutral', icon: IconClock, word: 'queued' },
  [Delivery_State.SENDING]: { tone: 'info', icon: IconArrowUp, word: 'sending' },
  [Delivery_State.ACCEPTED]: { tone: 'info', icon: IconEye, word: 'accepted' },
  [Delivery_State.CONFIRMED]: { tone: 'good', icon: IconCircleCheck, word: 'confirmed' },
  [Delivery_State.UNCHANGED]: { tone: 'good', icon: IconEqual, word: 'unchanged' },
  [Delivery_State.SKIPPED]: { tone: 'neutral', icon: IconPlayerSkipForward, word: 'skipped' },
  [Delivery_State.REJECTED]: { tone: 'bad', icon: IconCircleX, word: 'rejected' },
  [Delivery_State.PARTIAL]: { tone: 'warn', icon: IconCircleHalf2, word: 'partial' },
  [Delivery_State.UNKNOWN]: { tone: 'doubt', icon: IconHelpCircle, word: 'unknown' },
  [Delivery_State.DEFERRED]: { tone: 'warn', icon: IconClockPause, word: 'deferred' },
  [Delivery_State.PARKED]: { tone: 'bad', icon: IconArchive, word: 'parked' },
  [Delivery_State.CANCELLED]: { tone: 'neutral', icon: IconBan, word: 'cancelled' },
};

const RUN_LOOKS: Record<Run_State, Look<RunWord>> = {
  [Run_State.UNSPECIFIED]: { tone: 'neutral', icon: IconMinus, word: 'unspecified' },
  [Run_State.QUEUED]: { tone: 'neutral', icon: IconClock, word: 'queued' },
  [Run_State.RUNNING]: { tone: 'info', icon: IconRefresh, word: 'running', spinning: true },
  [Run_State.SUCCEEDED]: { tone: 'good', icon: IconCircleCheck, word: 'succeeded' },
  [Run_State.PARTIAL]: { tone: 'warn', icon: IconCircleHalf2, word: 'partial' },
  [Run_State.FAILED]: { tone: 'bad', icon: IconCircleX, word: 'failed' },
  [Run_State.CANCELLED]: { tone: 'neutral', icon: IconBan, word: 'cancelled' },
};

/** A state of a newer server, which we do not know, looks like none. */
export function deliveryLook(state: Delivery_State): Look<DeliveryWord> {
  return (DELIVERY_LOOKS as Partial<typeof DELIVERY_LOOKS>)[state] ?? DELIVERY_LOOKS[Delivery_State.UNSPECIFIED];
}

/** As deliveryLook. */
export function runLook(state: Run_State): Look<RunWord> {
  return (RUN_LOOKS as Partial<typeof RUN_LOOKS>)[state] ?? RUN_LOOKS[Run_State.UNSPECIFIED];
}
