import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { isServerAway } from '../api/failure';
import { CallError } from './CallError';
import { Notice } from './Notice';

/** Over what was loaded before and could not be loaded again. That the server is away is said elsewhere. */
export function StaleNotice({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error || isServerAway(error)) return null;
  return (
    <Notice tone="warn" role="status">
      <Text size="sm" fw={600}>
        {t('failure.stale')}
      </Text>
      <CallError error={error} />
    </Notice>
  );
}
