import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Notice } from '../../components/Notice';

/** That what is shown has not happened. */
export function PreviewNotice() {
  const { t } = useTranslation();
  return (
    <Notice tone="info">
      <Text fw={600}>{t('proses.preview.title')}</Text>
      <Text size="sm">{t('proses.preview.text')}</Text>
    </Notice>
  );
}
