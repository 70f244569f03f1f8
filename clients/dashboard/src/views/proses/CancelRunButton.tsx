import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconBan from '@tabler/icons-react/icons/IconBan';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useApi } from '../../api/ApiContext';
import { isEnded } from '../../api/runs';
import { CallError } from '../../components/CallError';
import { Dialog } from '../../components/Dialog';
import { Notice } from '../../components/Notice';
import { showToast } from '../../components/toast';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';

/** Whether there is anything that CancelRun would end. */
export function canCancel(run: Run): boolean {
  return !isEnded(run) || run.openCount > 0n;
}

/** Ends a run, or what an ended one has left open, once it was said what that does. */
export function CancelRunButton({ run }: { run: Run }) {
  const { t } = useTranslation();
  const [opened, dialog] = useDisclosure(false);
  const ended = isEnded(run);
  return (
    <>
      <Button variant="default" leftSection={<IconBan size={16} aria-hidden />} onClick={dialog.open}>
        {t(ended ? 'proses.cancel.buttonOpen' : 'proses.cancel.button')}
      </Button>
      <Dialog
        opened={opened}
        onClose={dialog.close}
        title={t(ended ? 'proses.cancel.titleOpen' : 'proses.cancel.title')}
      >
        <CancelDialog run={run} onClose={dialog.close} />
      </Dialog>
    </>
  );
}

function CancelDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const { t } = useTranslation();
  const cancel = useCancel(run, onClose);
  return (
    <Stack gap="md">
      <WhatItDoes run={run} />
      {cancel.isError && (
        <Notice tone="bad" role="alert">
          <CallError error={cancel.error} />
        </Notice>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('proses.cancel.keep')}
        </Button>
        <Button color="red.9" loading={cancel.isPending} onClick={() => cancel.mutate()}>
          {t(isEnded(run) ? 'proses.cancel.buttonOpen' : 'proses.cancel.button')}
        </Button>
      </Group>
    </Stack>
  );
}

function WhatItDoes({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const ended = isEnded(run);
  return (
    <>
      {ended && (
        <Text size="sm">
          {t('proses.cancel.openCount', { count: Number(run.openCount), n: format.number(run.openCount) })}
        </Text>
      )}
      <List size="sm" spacing={4}>
        <List.Item>{t('proses.cancel.notSent')}</List.Item>
        <List.Item>{t('proses.cancel.underWay')}</List.Item>
        <List.Item>{t('proses.cancel.kept')}</List.Item>
        {ended && <List.Item>{t('proses.cancel.stateKept')}</List.Item>}
      </List>
    </>
  );
}

function useCancel(run: Run, onDone: () => void) {
  const { t } = useTranslation();
  const api = useApi();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => api.integration.cancelRun({ runId: run.runId }),
    onSuccess: () => {
      showToast({ message: t(isEnded(run) ? 'proses.cancel.doneOpen' : 'proses.cancel.doneActive') });
      onDone();
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['runs'] }),
  });
}
