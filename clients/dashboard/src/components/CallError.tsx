import { Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { isServerAway, toFailure } from '../api/failure';

/** What went wrong with a call, in the server's words where it has some; RUN_ACTIVE links the run that is meant. */
export function CallError({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const failure = toFailure(error);
  const activeRun = failure.reason === 'RUN_ACTIVE' ? failure.arguments.run_id : undefined;
  const words = isServerAway(error) ? t('server.unreachable') : t('failure.unknown');
  return (
    <Stack gap={4}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {failure.message || words}
      </Text>
      {activeRun !== undefined && (
        <Anchor component={Link} to={`/proses/${encodeURIComponent(activeRun)}`} size="sm">
          {t('failure.activeRun')}
        </Anchor>
      )}
    </Stack>
  );
}
