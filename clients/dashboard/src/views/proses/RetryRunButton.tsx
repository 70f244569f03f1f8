import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useTranslation } from 'react-i18next';

import { Dialog } from '../../components/Dialog';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';
import { RetryForm } from './RetryForm';

/** Sends what a run left undone as a new run, and leads there. */
export function RetryRunButton({ run }: { run: Run }) {
  const { t } = useTranslation();
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={dialog.open}>
        {t('proses.retry.button')}
      </Button>
      <Dialog opened={opened} onClose={dialog.close} title={t('proses.retry.title')}>
        <RetryForm run={run} onClose={dialog.close} />
      </Dialog>
    </>
  );
}
