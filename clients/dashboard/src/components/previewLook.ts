// What a state means in a preview: what would be, not what was. "Partly there" of something that was never sent would
// be a lie.
import IconArrowUp from '@tabler/icons-react/icons/IconArrowUp';
import { createContext, useCallback, useContext } from 'react';
import { useTranslation } from 'react-i18next';

import { type Delivery_State, type Run, Run_Kind, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import type { commonId } from '../i18n/common.id';
import { deliveryLook, type Look } from './states';

type PreviewWord = keyof (typeof commonId)['previewState'];

const PREVIEW_WORDS: Partial<Record<string, PreviewWord>> = {
  queued: 'queued',
  partial: 'partial',
  accepted: 'readBack',
  unknown: 'readBack',
  rejected: 'rejected',
};

/** Whether the states below are those of a preview. */
export const PreviewContext = createContext(false);

/** How a state of a delivery, or of a record, looks where it is shown, and its word in the language of the page. */
export function useDeliveryLook(): (state: Delivery_State) => Look<string> {
  const { t } = useTranslation();
  const isPreview = useContext(PreviewContext);
  return useCallback(
    (state) => {
      const { word, ...look } = deliveryLook(state);
      const previewWord = isPreview ? PREVIEW_WORDS[word] : undefined;
      if (!previewWord) return { ...look, word: t(`deliveryState.${word}`) };
      const toBeSent = previewWord === 'queued' && ({ tone: 'info', icon: IconArrowUp } as const);
      return { ...look, ...toBeSent, word: t(`previewState.${previewWord}`) };
    },
    [t, isPreview],
  );
}

export function isPreview({ kind }: Run): boolean {
  return kind === Run_Kind.PREVIEW;
}

/** A preview that found out what would be: its state is what would become of the run, and nothing was sent. */
export function isForecast(run: Run): boolean {
  return (
    isPreview(run) && !run.failure && [Run_State.SUCCEEDED, Run_State.PARTIAL, Run_State.FAILED].includes(run.state)
  );
}
