import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useApi } from '../api/ApiContext';
import { isEnded } from '../api/runs';
import { CallError } from '../components/CallError';
import { Dialog } from '../components/Dialog';
import { Notice } from '../components/Notice';
import { showToast } from '../components/toast';
import type { Run } from '../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../i18n/format';

interface CancelRunDialogProps {
  run: Run;
  opened: boolean;
  onClose: () => void;
}

/** Ends a run, or what an ended one has left open, once it was said what that does. */
export function CancelRunDialog({ run, opened, onClose }: CancelRunDialogProps) {
  const { t } = useTranslation();
  const title = t(isEnded(run) ? 'proses.cancel.titleOpen' : 'proses.cancel.title');
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <CancelForm run={run} onClose={onClose} />
    </Dialog>
  );
}

function CancelForm({ run, onClose }: { run: Run; onClose: () => void }) {
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
