import { useTranslation } from 'react-i18next';

import { EmptyState } from '../../components/EmptyState';
import { Page } from '../../components/Page';

export default function ProsesDetailView() {
  const { t } = useTranslation();
  return (
    <Page title={t('proses.title')}>
      <EmptyState title={t('soon')} />
    </Page>
  );
}
