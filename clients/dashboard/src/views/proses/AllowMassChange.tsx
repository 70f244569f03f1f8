import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { CallError } from '../../components/CallError';
import { Dialog } from '../../components/Dialog';
import { Notice } from '../../components/Notice';
import { targetName } from '../../components/targetName';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { useStartRun } from '../../runs/useStartRun';
import { useTrackedRunList } from '../../runs/useTrackedRuns';
import { MassFigures } from './MassFigures';
import { runPath } from './runWords';

/** Does again what the guard stopped, once somebody has seen the figures and says that they are right. */
export function AllowMassChange({ run }: { run: Run }) {
  const { t } = useTranslation();
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" onClick={dialog.open} style={{ alignSelf: 'flex-start' }}>
        {t('runs.mass.button')}
      </Button>
      <Dialog opened={opened} onClose={dialog.close} title={t('runs.mass.title')}>
        <AllowForm run={run} onClose={dialog.close} />
      </Dialog>
    </>
  );
}

function AllowForm({ run, onClose }: { run: Run; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const start = useStartRun();
  const chosen = useTrackedRunList().chosenFilesOf(run.runId);
  const count = chosen.length;
  const targets = run.targets.map(targetName).join(', ');
  const begin = () => {
    const order = { targets: run.targets, files: count > 0 ? { some: chosen } : ('all' as const) };
    start.mutate({ ...order, allowMassChange: true }, { onSuccess: ({ runId }) => void navigate(runPath(runId)) });
  };
  return (
    <Stack gap="md">
      <MassFigures figures={run.failure?.arguments ?? {}} />
      <Text size="sm">
        {count > 0
          ? t('runs.mass.chosen', { count, total: format.number(count), targets })
          : t('runs.mass.all', { targets })}
      </Text>
      <Text size="sm">{t('runs.mass.once')}</Text>
      {start.isError && (
        <Notice tone="bad" role="alert">
          <CallError error={start.error} />
        </Notice>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('action.cancel')}
        </Button>
        <Button color="red.9" onClick={begin} loading={start.isPending}>
          {t('runs.mass.start')}
        </Button>
      </Group>
    </Stack>
  );
}
