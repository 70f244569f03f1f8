import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { useServices } from '../api/ApiContext';
import { useObservable } from '../api/store';
import { Notice } from '../components/Notice';
import { useFormat } from '../i18n/format';
import classes from './Shell.module.css';

/** Says that the server is away, and since when. What is on screen stays. */
export function ServerAwayBanner() {
  const { t } = useTranslation();
  const format = useFormat();
  const { presence } = useServices();
  const { awaySince } = useObservable(presence);
  return (
    <div role="status" className={classes.status}>
      {awaySince && (
        <Notice tone="warn">
          <Group justify="space-between" gap="xs">
            <div>
              <Text size="sm" fw={600}>
                {t('server.away', { time: format.time(awaySince) })}
              </Text>
              <Text size="sm">{t('server.awayKept')}</Text>
            </div>
            <Button variant="default" size="xs" onClick={presence.askNow}>
              {t('server.askNow')}
            </Button>
          </Group>
        </Notice>
      )}
    </div>
  );
}
