import { List, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useCatalogSummary } from '../api/useCatalogSummary';
import { Dialog } from '../components/Dialog';
import { useFormat } from '../i18n/format';
import { PreviewOutcome } from './PreviewOutcome';
import { StartButtons } from './StartButtons';
import { StartFields } from './StartFields';
import { usePreview } from './usePreview';
import { type SyncOrder, useStartRun } from './useStartRun';
import { useTargetChoice } from './useTargetChoice';

interface SyncAllDialogProps {
  opened: boolean;
  onClose: () => void;
  /** A chosen few, by id; empty = all that are verified. */
  fileIds?: readonly string[];
  onStarted?: () => void;
}

/** Asks once more before many files are sent, and where to. */
export function SyncAllDialog({ opened, onClose, ...content }: SyncAllDialogProps) {
  const { t } = useTranslation();
  const isChosen = (content.fileIds?.length ?? 0) > 0;
  return (
    <Dialog opened={opened} onClose={onClose} title={isChosen ? t('runs.all.titleChosen') : t('runs.all.title')}>
      <SyncAllForm onClose={onClose} {...content} />
    </Dialog>
  );
}

function SyncAllForm({ onClose, fileIds = [], onStarted }: Omit<SyncAllDialogProps, 'opened'>) {
  const { t } = useTranslation();
  const choice = useTargetChoice();
  const start = useStartRun();
  const [force, setForce] = useState(false);
  const count = useFileCount(fileIds);
  const isChosen = fileIds.length > 0;
  const order: SyncOrder = { targets: choice.chosen, files: isChosen ? { some: fileIds } : 'all', force };
  const preview = usePreview(order);
  const begin = () => {
    if (start.isPending) return;
    start.mutate(order, {
      onSuccess: () => {
        onStarted?.();
        onClose();
      },
    });
  };
  return (
    <Stack gap="md">
      <CountText count={count} isChosen={isChosen} />
      <StartFields choice={choice} error={start.error ?? preview.error} force={force} onForce={setForce} />
      <List size="sm" c="dimmed" spacing={4}>
        {!force && <List.Item>{t('runs.all.unchanged')}</List.Item>}
        {!isChosen && <List.Item>{t('runs.all.filters')}</List.Item>}
        <List.Item>{t('runs.all.background')}</List.Item>
      </List>
      {preview.runId !== undefined && <PreviewOutcome key={preview.runId} runId={preview.runId} />}
      <StartButtons
        preview={preview}
        onStart={begin}
        isStarting={start.isPending}
        isEmpty={choice.chosen.length === 0 || count === 0}
        onClose={onClose}
      />
    </Stack>
  );
}

/** How many files a run will be for; undefined while that is not known. */
function useFileCount(fileIds: readonly string[]): number | undefined {
  const { data } = useCatalogSummary();
  return fileIds.length > 0 ? fileIds.length : data && Number(data.verifiedFileCount);
}

function CountText({ count, isChosen }: { count: number | undefined; isChosen: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (count === undefined) return <Text>{t('app.loading')}</Text>;
  if (count === 0) return <Text>{t('runs.all.none')}</Text>;
  const total = format.number(count);
  return <Text>{isChosen ? t('runs.all.chosen', { count, total }) : t('runs.all.verified', { count, total })}</Text>;
}
