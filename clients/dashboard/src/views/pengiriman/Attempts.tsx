import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { GetDeliveryResponse } from '../../gen/satudata/integration/v1/integration_service_pb';
import { useFormat } from '../../i18n/format';
import { AttemptCard } from './AttemptCard';
import classes from './Attempts.module.css';

const SHOWN_STEP = 20;

/** The requests that carried the delivery, newest first: the server tells them oldest first. */
export function Attempts({ response: { attempts, omittedAttemptCount } }: { response: GetDeliveryResponse }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shownCount, setShownCount] = useState(SHOWN_STEP);
  const shown = [...attempts].reverse().slice(0, shownCount);
  const hidden = attempts.length - shown.length;
  return (
    <Stack component="section" gap="sm" aria-label={t('pengiriman.attempts.title')}>
      <div>
        <Title order={2} size="h4">
          {t('pengiriman.attempts.title')} {attempts.length > 0 && `(${format.number(attempts.length)})`}
        </Title>
        <Text size="sm" c="dimmed">
          {t(attempts.length === 0 ? 'pengiriman.attempts.none' : 'pengiriman.attempts.lead')}
        </Text>
      </div>
      <ol className={classes.list}>
        {shown.map((attempt) => (
          <AttemptCard key={attempt.attemptId} attempt={attempt} />
        ))}
      </ol>
      {hidden > 0 && (
        <Group justify="center">
          <Button variant="default" onClick={() => setShownCount(shownCount + SHOWN_STEP)}>
            {t('pengiriman.attempts.more', { n: format.number(hidden) })}
          </Button>
        </Group>
      )}
      {omittedAttemptCount > 0n && (
        <Text size="sm">
          {t('pengiriman.attempts.omitted', {
            count: Number(omittedAttemptCount),
            n: format.number(omittedAttemptCount),
          })}
        </Text>
      )}
    </Stack>
  );
}
