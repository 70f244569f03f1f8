import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconBan from '@tabler/icons-react/icons/IconBan';
import { useTranslation } from 'react-i18next';

import { isEnded } from '../../api/runs';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';
import { CancelRunDialog } from '../../runs/CancelRunDialog';

/** Whether there is anything that CancelRun would end. */
export function canCancel(run: Run): boolean {
  return !isEnded(run) || run.openCount > 0n;
}

export function CancelRunButton({ run }: { run: Run }) {
  const { t } = useTranslation();
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconBan size={16} aria-hidden />} onClick={dialog.open}>
        {t(isEnded(run) ? 'proses.cancel.buttonOpen' : 'proses.cancel.button')}
      </Button>
      <CancelRunDialog run={run} opened={opened} onClose={dialog.close} />
    </>
  );
}
