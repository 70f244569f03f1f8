import { Button, Group, Paper, Text } from '@mantine/core';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../../i18n/format';
import classes from './SelectionBar.module.css';
import { SELECTION_LIMIT, type Selection } from './useSelection';

/** What can be done with the files that were ticked; there while any is. */
export function SelectionBar({ selection, onSync }: { selection: Selection; onSync: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const count = selection.ids.size;
  return (
    <div role="status" className={classes.place}>
      {count > 0 && (
        <Paper withBorder shadow="md" p="sm" className={classes.bar}>
          <Group justify="space-between" gap="sm">
            <div>
              <Text fw={600}>{t('berkas.select.count', { count, total: format.number(count) })}</Text>
              <Text size="xs" c="dimmed">
                {t('berkas.select.limit', { limit: format.number(SELECTION_LIMIT) })}
              </Text>
            </div>
            <Group gap="sm">
              <Button variant="default" onClick={selection.clear}>
                {t('berkas.select.clear')}
              </Button>
              <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={onSync}>
                {t('berkas.select.sync')}
              </Button>
            </Group>
          </Group>
        </Paper>
      )}
    </div>
  );
}
