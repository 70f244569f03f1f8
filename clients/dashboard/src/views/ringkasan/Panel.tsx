import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconTable from '@tabler/icons-react/icons/IconTable';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';

import classes from './Ringkasan.module.css';

interface PanelProps {
  title: string;
  lead: string;
  /** What is chosen for this panel. */
  choice?: ReactNode;
  /** The figures of the chart, for whoever would rather read. */
  table?: ReactNode;
  children: ReactNode;
}

/** A part of the summary: its title, what it shows, and behind a button the same as a table. */
export function Panel({ title, lead, choice, table, children }: PanelProps) {
  const titleId = useId();
  return (
    <section className={classes.panel} aria-labelledby={titleId}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="xs">
          <div>
            <Title order={2} size="h4" id={titleId}>
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {lead}
            </Text>
          </div>
          {choice}
        </Group>
        {children}
        {table !== undefined && <Table title={title}>{table}</Table>}
      </Stack>
    </section>
  );
}

function Table({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  const tableId = useId();
  const [opened, { toggle }] = useDisclosure(false);
  const action = t(opened ? 'ringkasan.table.hide' : 'ringkasan.table.show');
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconTable size={16} aria-hidden />}
        aria-expanded={opened}
        aria-controls={tableId}
        aria-label={t('ringkasan.table.of', { action, title })}
        onClick={toggle}
      >
        {action}
      </Button>
      <div id={tableId}>{opened && children}</div>
    </div>
  );
}
