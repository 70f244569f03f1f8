import { Box, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { CopyButton } from '../../components/CopyButton';
import classes from './BodyText.module.css';
import { prettyJson } from './prettyJson';

/** What was sent or answered, as text: with line breaks where it is JSON. Copied as it is kept. */
export function BodyText({ label, body }: { label: string; body: string }) {
  const { t } = useTranslation();
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        {body !== '' && <CopyButton text={body} label={label} />}
      </Group>
      {body === '' ? (
        <Text size="sm" c="dimmed">
          {t('pengiriman.attempts.noBody')}
        </Text>
      ) : (
        <Box component="pre" className={classes.body} tabIndex={0} role="region" aria-label={label}>
          {prettyJson(body) ?? body}
        </Box>
      )}
    </div>
  );
}
