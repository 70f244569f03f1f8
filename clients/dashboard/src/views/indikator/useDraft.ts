import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

const WAIT_MS = 300;

/**
 * What is being typed, told to `onSettled` when the typing pauses. Follows `value` when that changes from elsewhere, as
 * when somebody goes back. Returns the draft, how to change it, and how to give it up.
 */
export function useDraft(value: string, onSettled: (draft: string) => void) {
  const [draft, setDraft] = useState(value);
  const [lastValue, setLastValue] = useState(value);
  const [settled, setSettled] = useState(value);
  if (value !== lastValue) {
    setLastValue(value);
    if (value !== settled.trim()) setDraft(value);
  }
  const settle = useDebouncedCallback((words: string) => {
    setSettled(words);
    onSettled(words);
  }, WAIT_MS);
  const change = (words: string) => {
    setDraft(words);
    settle(words);
  };
  return [draft, change, () => setDraft(value)] as const;
}
