import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { CallError } from './CallError';
import { Notice } from './Notice';

/** In place of what could not be loaded. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  return (
    <Notice tone="bad" role="alert">
      <Stack gap="xs" align="flex-start">
        <Text fw={600}>{t('failure.title')}</Text>
        <CallError error={error} />
        {onRetry && (
          <Button variant="default" size="xs" onClick={onRetry}>
            {t('failure.retry')}
          </Button>
        )}
      </Stack>
    </Notice>
  );
}
