import { useEffect, useEffectEvent, useState } from 'react';

import type { RunView } from '../../api/runView';
import { type Pace, paceOf } from './pace';

const STEP_MS = 1_000;
const UNKNOWN: Pace = { perSecond: undefined, secondsLeft: undefined };

/** The pace of a run that is followed, worked out once a second: also while nothing comes. */
export function usePace({ samples, totalCount }: Pick<RunView, 'samples' | 'totalCount'>): Pace {
  const [pace, setPace] = useState(UNKNOWN);
  const workOut = useEffectEvent(() => setPace(paceOf(samples, totalCount, performance.now())));
  useEffect(() => {
    const timer = setInterval(() => workOut(), STEP_MS);
    return () => clearInterval(timer);
  }, []);
  return pace;
}
