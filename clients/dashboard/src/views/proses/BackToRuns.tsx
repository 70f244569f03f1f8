import { Anchor } from '@mantine/core';
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

export function BackToRuns() {
  const { t } = useTranslation();
  return (
    <Anchor component={Link} to="/proses" size="sm">
      <IconArrowLeft size={16} aria-hidden style={{ verticalAlign: -3 }} /> {t('proses.run.back')}
    </Anchor>
  );
}
