import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import classes from './AdvancedOptions.module.css';

interface AdvancedOptionsProps {
  force: boolean;
  onForce: (force: boolean) => void;
}

/** What is seldom wanted, folded away. */
export function AdvancedOptions({ force, onForce }: AdvancedOptionsProps) {
  const { t } = useTranslation();
  return (
    <details>
      <summary className={classes.summary}>{t('runs.dialog.advanced')}</summary>
      <Checkbox
        mt="xs"
        size="md"
        checked={force}
        onChange={({ currentTarget }) => onForce(currentTarget.checked)}
        label={t('runs.dialog.force')}
        description={t('runs.dialog.forceText')}
      />
    </details>
  );
}
