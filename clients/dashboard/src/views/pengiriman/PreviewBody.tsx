import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Preview } from '../../gen/satudata/integration/v1/resources_pb';
import { Operation } from './AttemptCard';
import { BodyText } from './BodyText';

/** A request that would be sent. */
export function PreviewBody({ preview: { operation, body, truncated } }: { preview: Preview }) {
  const { t } = useTranslation();
  return (
    <Stack gap={4}>
      <Operation name={operation} />
      <BodyText label={t('pengiriman.attempts.request')} body={body} />
      {truncated && <Text size="sm">{t('pengiriman.previews.truncated')}</Text>}
    </Stack>
  );
}
