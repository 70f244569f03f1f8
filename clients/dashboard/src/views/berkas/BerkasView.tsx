import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useCatalogSummary } from '../../api/useCatalogSummary';
import { useTargets } from '../../api/useTargets';
import { Guarded } from '../../components/Guarded';
import { Page } from '../../components/Page';
import type { CatalogFile } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { LateSyncAllDialog, LateSyncFileDialog } from '../../runs/dialogs';
import { useTrackedRuns } from '../../runs/useTrackedRuns';
import { NO_FILTERS } from './fileFilters';
import { FileFilterBar } from './FileFilterBar';
import { FileList } from './FileList';
import { SelectionBar } from './SelectionBar';
import { useFileFilters } from './useFileFilters';
import { useSelection } from './useSelection';
import { useRoleRefusal } from './useSyncRefusal';

export default function BerkasView() {
  const { t } = useTranslation();
  const { filters, change } = useFileFilters();
  const targets = useTargetNames();
  const selection = useSelection();
  const canSync = useRoleRefusal() === undefined;
  const [file, setFile] = useState<CatalogFile>();
  const [isChosenOpen, chosen] = useDisclosure(false);
  const runOf = useRunOf();
  const actions = useMemo(() => ({ onToggle: selection.toggle, onSync: setFile }), [selection.toggle]);
  return (
    <Page title={t('berkas.title')} lead={<CatalogLead />} actions={<SyncAllButton />}>
      <FileFilterBar filters={filters} onChange={change} targets={targets} />
      <FileList
        {...{ filters, targets, actions }}
        selection={canSync ? selection : undefined}
        isRunning={(fileId) => runOf(fileId) !== undefined}
        onClearFilters={() => change(NO_FILTERS)}
      />
      <SelectionBar selection={selection} onSync={chosen.open} />
      <LateSyncFileDialog file={file} runId={file && runOf(file.fileId)} onClose={() => setFile(undefined)} />
      <LateSyncAllDialog
        opened={isChosenOpen}
        onClose={chosen.close}
        fileIds={[...selection.ids]}
        onStarted={selection.clear}
      />
    </Page>
  );
}

function useTargetNames(): readonly string[] {
  const { data } = useTargets();
  return useMemo(() => data?.map(({ target }) => target) ?? [], [data]);
}

/** The run of a file that was begun here and is under way. */
function useRunOf(): (fileId: string) => string | undefined {
  const runs = useTrackedRuns();
  return useCallback((fileId) => runs.find((run) => run.fileId === fileId)?.runId, [runs]);
}

function CatalogLead() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useCatalogSummary();
  if (!data) return null;
  const files = format.number(data.fileCount);
  return <Text size="sm">{t('berkas.lead', { files, verified: format.number(data.verifiedFileCount) })}</Text>;
}

function SyncAllButton() {
  const { t } = useTranslation();
  const refusal = useRoleRefusal();
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <Guarded refusal={refusal}>
        <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={open}>
          {t('berkas.sync.all')}
        </Button>
      </Guarded>
      <LateSyncAllDialog opened={isOpen} onClose={close} />
    </>
  );
}
