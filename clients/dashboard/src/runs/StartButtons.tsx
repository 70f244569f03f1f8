import { Button, Group } from '@mantine/core';
import IconEye from '@tabler/icons-react/icons/IconEye';
import IconRefresh from '@tabler/icons-react/icons/IconRefresh';
import { useTranslation } from 'react-i18next';

import type { PreviewRequest } from './usePreview';

interface StartButtonsProps {
  preview: PreviewRequest;
  onStart: () => void;
  isStarting: boolean;
  /** There is nothing to send, or nowhere to send it to. */
  isEmpty: boolean;
  onClose: () => void;
}

/** The ways out of the dialogs that start runs. */
export function StartButtons({ preview, onStart, isStarting, isEmpty, onClose }: StartButtonsProps) {
  const { t } = useTranslation();
  return (
    <Group justify="flex-end" gap="sm">
      <Button variant="default" onClick={onClose}>
        {t('action.cancel')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconEye size={18} aria-hidden />}
        onClick={preview.ask}
        loading={preview.isAsking}
        disabled={isEmpty}
      >
        {t('runs.preview.button')}
      </Button>
      <Button
        leftSection={<IconRefresh size={18} aria-hidden />}
        onClick={onStart}
        loading={isStarting}
        disabled={isEmpty}
      >
        {t('runs.dialog.start')}
      </Button>
    </Group>
  );
}
