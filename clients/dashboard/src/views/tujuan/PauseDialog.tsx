import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { type SyntheticEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { CallError } from '../../components/CallError';
import { Dialog } from '../../components/Dialog';
import { Notice } from '../../components/Notice';
import { targetName } from '../../components/targetName';
import { showToast } from '../../components/toast';
import { usePause } from './useTargetActions';

interface PauseDialogProps {
  target: string;
  opened: boolean;
  onClose: () => void;
}

export function PauseDialog({ target, opened, onClose }: PauseDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog opened={opened} onClose={onClose} title={t('tujuan.pause.title', { target: targetName(target) })}>
      <PauseForm target={target} onClose={onClose} />
    </Dialog>
  );
}

/** A pause is never without a reason: whoever wonders later finds it. */
function PauseForm({ target, onClose }: Omit<PauseDialogProps, 'opened'>) {
  const { t } = useTranslation();
  const pause = usePause(target);
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const words = comment.trim();
    setMissing(words === '');
    if (words === '' || pause.isPending) return;
    pause.mutate(words, {
      onSuccess: () => {
        showToast({ message: t('tujuan.pause.done', { target: targetName(target) }) });
        onClose();
      },
    });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">{t('tujuan.pause.text')}</Text>
        <Textarea
          label={t('tujuan.pause.comment')}
          description={t('tujuan.pause.commentHint')}
          error={missing && t('tujuan.pause.commentMissing')}
          required
          autosize
          minRows={2}
          maxRows={6}
          maxLength={500}
          data-autofocus
          value={comment}
          onChange={(event) => {
            setComment(event.currentTarget.value);
            setMissing(false);
          }}
        />
        {pause.isError && (
          <Notice tone="bad" role="alert">
            <CallError error={pause.error} />
          </Notice>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={pause.isPending}>
            {t('tujuan.pause.action')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
