import { Loader, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { CallError } from '../components/CallError';
import { ErrorState } from '../components/ErrorState';
import { Notice } from '../components/Notice';
import { AdvancedOptions } from './AdvancedOptions';
import { TargetChoice } from './TargetChoice';
import type { useTargetChoice } from './useTargetChoice';

interface StartFieldsProps {
  choice: ReturnType<typeof useTargetChoice>;
  /** Why the last attempt to start did not succeed. */
  error: Error | null;
  describe?: (target: string) => ReactNode;
  force: boolean;
  onForce: (force: boolean) => void;
}

/** What both dialogs ask before they start a run. */
export function StartFields({ choice, error, describe, force, onForce }: StartFieldsProps) {
  const { t } = useTranslation();
  const { targets, chosen, setChosen } = choice;
  if (!targets) {
    return choice.error ? (
      <ErrorState error={choice.error} onRetry={choice.retry} />
    ) : (
      <Loader role="status" aria-label={t('app.loading')} size="sm" />
    );
  }
  if (targets.length === 0) return <Text size="sm">{t('runs.dialog.noTargets')}</Text>;
  return (
    <>
      <TargetChoice targets={targets} chosen={chosen} onChange={setChosen} describe={describe} />
      <AdvancedOptions force={force} onForce={onForce} />
      {chosen.length === 0 && (
        <Text size="sm" role="status">
          {t('runs.dialog.chooseTarget')}
        </Text>
      )}
      {error && (
        <Notice tone="bad" role="alert">
          <CallError error={error} />
        </Notice>
      )}
    </>
  );
}
