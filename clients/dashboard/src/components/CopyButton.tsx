import { Button, VisuallyHidden } from '@mantine/core';
import IconCheck from '@tabler/icons-react/icons/IconCheck';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { copyText } from './copyText';

const SHOWN_MS = 3_000;

/** Copies a text and says whether that worked. `label` says what is copied. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'failed'>('none');
  useEffect(() => {
    if (outcome === 'none') return;
    const timer = setTimeout(() => setOutcome('none'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => setOutcome((await copyText(text)) ? 'copied' : 'failed');
  const Icon = outcome === 'copied' ? IconCheck : IconCopy;
  const word = outcome === 'none' ? t('copy.copy') : t(`copy.${outcome}`);
  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<Icon size={14} aria-hidden />}
        aria-label={`${word}: ${label}`}
        onClick={copy}
      >
        {word}
      </Button>
      <VisuallyHidden role="status">{outcome === 'none' ? '' : word}</VisuallyHidden>
    </>
  );
}
