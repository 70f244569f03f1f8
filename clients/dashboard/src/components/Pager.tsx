import { Button, Group, Text } from '@mantine/core';
import IconChevronLeft from '@tabler/icons-react/icons/IconChevronLeft';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import { useTranslation } from 'react-i18next';

import { useFormat } from '../i18n/format';

interface PagerProps {
  page: number;
  onPrevious: (() => void) | undefined;
  onNext: (() => void) | undefined;
}

/** From page to page; nothing where there is only one. */
export function Pager({ page, onPrevious, onNext }: PagerProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!onPrevious && !onNext) return null;
  return (
    <Group component="nav" justify="center" gap="sm" aria-label={t('pager.label')}>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconChevronLeft size={16} aria-hidden />}
        disabled={!onPrevious}
        onClick={onPrevious}
      >
        {t('pager.previous')}
      </Button>
      <Text size="sm" role="status">
        {t('pager.page', { page: format.number(page) })}
      </Text>
      <Button
        variant="default"
        size="xs"
        rightSection={<IconChevronRight size={16} aria-hidden />}
        disabled={!onNext}
        onClick={onNext}
      >
        {t('pager.next')}
      </Button>
    </Group>
  );
}
