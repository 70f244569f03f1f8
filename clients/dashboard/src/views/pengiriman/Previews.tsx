import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import type { Preview } from '../../gen/satudata/integration/v1/resources_pb';
import { PreviewBody } from './PreviewBody';

/** For the delivery of a preview: the requests that it would have sent. */
export function Previews({ previews }: { previews: readonly Preview[] }) {
  const { t } = useTranslation();
  if (previews.length === 0) return null;
  return (
    <Stack component="section" gap="sm" aria-label={t('pengiriman.previews.title')}>
      <div>
        <Title order={2} size="h4">
          {t('pengiriman.previews.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('pengiriman.previews.lead')}
        </Text>
      </div>
      {previews.map((preview, at) => (
        <PreviewBody key={at} preview={preview} />
      ))}
    </Stack>
  );
}
