// What we took the answer of a target to mean, for those who look into it.
import IconAlertTriangle from '@tabler/icons-react/icons/IconAlertTriangle';
import IconBan from '@tabler/icons-react/icons/IconBan';
import IconClock from '@tabler/icons-react/icons/IconClock';
import IconCloudOff from '@tabler/icons-react/icons/IconCloudOff';
import IconHelpCircle from '@tabler/icons-react/icons/IconHelpCircle';
import IconKey from '@tabler/icons-react/icons/IconKey';
import IconMessageCheck from '@tabler/icons-react/icons/IconMessageCheck';

import type { Look } from '../../components/states';
import type { pengirimanId } from './texts.id';

export type VerdictWord = keyof (typeof pengirimanId)['attempts']['verdict'];

const LOOKS: Record<VerdictWord, Look<VerdictWord>> = {
  JUDGED: { tone: 'info', icon: IconMessageCheck, word: 'JUDGED' },
  THROTTLED: { tone: 'warn', icon: IconClock, word: 'THROTTLED' },
  WARMING_UP: { tone: 'warn', icon: IconClock, word: 'WARMING_UP' },
  UNAUTHORIZED: { tone: 'bad', icon: IconKey, word: 'UNAUTHORIZED' },
  BLOCKED: { tone: 'bad', icon: IconBan, word: 'BLOCKED' },
  OUTAGE: { tone: 'bad', icon: IconCloudOff, word: 'OUTAGE' },
  UNKNOWN: { tone: 'doubt', icon: IconHelpCircle, word: 'UNKNOWN' },
};

/** For the verdict of a newer server. */
export const OTHER_VERDICT = { tone: 'neutral', icon: IconAlertTriangle } as const;

export function verdictLook(verdict: string): Look<VerdictWord> | undefined {
  return Object.hasOwn(LOOKS, verdict) ? LOOKS[verdict as VerdictWord] : undefined;
}
