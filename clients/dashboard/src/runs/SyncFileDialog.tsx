import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { toDate } from '../api/timestamps';
import { Dialog } from '../components/Dialog';
import { deliveryLook } from '../components/states';
import { TimeAgo } from '../components/TimeAgo';
import { useFileName } from '../components/useFileName';
import type { CatalogFile } from '../gen/satudata/integration/v1/resources_pb';
import { FileRunProgress } from './FileRunProgress';
import { PreviewOutcome } from './PreviewOutcome';
import { StartButtons } from './StartButtons';
import { StartFields } from './StartFields';
import { usePreview } from './usePreview';
import { type SyncOrder, useStartRun } from './useStartRun';
import { useTargetChoice } from './useTargetChoice';

interface SyncFileDialogProps {
  /** Undefined: closed. */
  file: CatalogFile | undefined;
  /** A run of this file that is under way already. */
  runId: string | undefined;
  onClose: () => void;
}

/** "Sinkronisasi Data": one file to the chosen targets, and what becomes of it. */
export function SyncFileDialog({ file, runId, onClose }: SyncFileDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={file !== undefined} onClose={onClose} size="lg" title={t('runs.dialog.title')}>
      {file && <SyncFileContent key={file.fileId} file={file} runId={runId} onClose={onClose} />}
    </Dialog>
  );
}

function SyncFileContent({ file, runId, onClose }: SyncFileDialogProps & { file: CatalogFile }) {
  const [shownRunId, setShownRunId] = useState(runId);
  return (
    <Stack gap="md">
      <FileHead file={file} />
      {shownRunId === undefined ? (
        <SyncFileForm file={file} onStarted={setShownRunId} onClose={onClose} />
      ) : (
        <FileRunProgress runId={shownRunId} onClose={onClose} />
      )}
    </Stack>
  );
}

function FileHead({ file }: { file: CatalogFile }) {
  const name = useFileName(file);
  return (
    <div>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {name}
      </Text>
      <Text size="sm" c="dimmed">
        {[file.producer, file.theme].filter((text) => text !== '').join(' · ')}
      </Text>
    </div>
  );
}

interface SyncFileFormProps {
  file: CatalogFile;
  onStarted: (runId: string) => void;
  onClose: () => void;
}

function SyncFileForm({ file, onStarted, onClose }: SyncFileFormProps) {
  const choice = useTargetChoice();
  const start = useStartRun();
  const [force, setForce] = useState(false);
  const order: SyncOrder = { targets: choice.chosen, files: { one: file.fileId }, force };
  const preview = usePreview(order);
  const begin = () => {
    if (!start.isPending) start.mutate(order, { onSuccess: (run) => onStarted(run.runId) });
  };
  return (
    <>
      <StartFields
        choice={choice}
        error={start.error ?? preview.error}
        force={force}
        onForce={setForce}
        describe={(target) => <StateNow file={file} target={target} />}
      />
      {preview.runId !== undefined && <PreviewOutcome key={preview.runId} runId={preview.runId} />}
      <StartButtons
        preview={preview}
        onStart={begin}
        isStarting={start.isPending}
        isEmpty={choice.chosen.length === 0}
        onClose={onClose}
      />
    </>
  );
}

function StateNow({ file, target }: { file: CatalogFile; target: string }) {
  const { t } = useTranslation();
  const status = file.targetStates.find((candidate) => candidate.target === target);
  const state = status ? t(`deliveryState.${deliveryLook(status.state).word}`) : t('berkas.never');
  return (
    <Text size="sm" c="dimmed">
      {t('runs.dialog.nowAt', { state })} {status && <TimeAgo date={toDate(status.stateTime)} />}
    </Text>
  );
}
