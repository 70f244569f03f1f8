import { Button } from '@mantine/core';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useTranslation } from 'react-i18next';

import { Guarded } from '../../components/Guarded';
import { useFileName } from '../../components/useFileName';
import type { CatalogFile } from '../../gen/satudata/integration/v1/resources_pb';
import classes from './FileTable.module.css';
import { useFileRefusal } from './useSyncRefusal';

interface SyncCellProps {
  file: CatalogFile;
  /** A run of this file, begun here, is under way. */
  isRunning: boolean;
  onSync: (file: CatalogFile) => void;
  tabIndex: number;
}

export function SyncCell({ file, isRunning, onSync, tabIndex }: SyncCellProps) {
  const { t } = useTranslation();
  const name = useFileName(file);
  const refusal = useFileRefusal(file);
  return (
    <Guarded refusal={refusal}>
      <Button
        size="xs"
        h={36}
        px="sm"
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden className={isRunning ? classes.turning : undefined} />}
        aria-label={isRunning ? t('berkas.sync.running', { name }) : t('berkas.sync.buttonFor', { name })}
        onClick={() => onSync(file)}
        tabIndex={tabIndex}
        data-grid-focus
      >
        {t('berkas.sync.button')}
      </Button>
    </Guarded>
  );
}
