import { useState } from 'react';

import { useTargets } from '../api/useTargets';

/** All configured targets are chosen until somebody says otherwise. */
export function useTargetChoice() {
  const { data: targets, error, refetch } = useTargets();
  const [picked, setPicked] = useState<readonly string[]>();
  const chosen = picked ?? targets?.map(({ target }) => target) ?? [];
  return { targets, error, retry: () => void refetch(), chosen, setChosen: setPicked };
}
