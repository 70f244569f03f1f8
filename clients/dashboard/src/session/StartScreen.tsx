import { Center, Loader, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useServices } from '../api/ApiContext';
import { useObservable } from '../api/store';
import { ErrorState } from '../components/ErrorState';

/** While it is not known yet who is signed in. */
export function StartScreen({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const { awaySince } = useObservable(useServices().presence);
  return (
    <Center mih="100dvh" p="md" component="main">
      {error !== undefined ? (
        <ErrorState error={error} onRetry={() => window.location.reload()} />
      ) : (
        <Stack align="center" gap="sm" role="status">
          <Loader aria-hidden />
          <Text>{awaySince ? t('server.unreachable') : t('server.starting')}</Text>
        </Stack>
      )}
    </Center>
  );
}
