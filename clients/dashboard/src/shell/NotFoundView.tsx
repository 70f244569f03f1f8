import { Button } from '@mantine/core';
import IconMapQuestion from '@tabler/icons-react/icons/IconMapQuestion';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { EmptyState } from '../components/EmptyState';
import { Page } from '../components/Page';

export function NotFoundView() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')}>
      <EmptyState
        icon={IconMapQuestion}
        title={t('notFound.text')}
        action={
          <Button component={Link} to="/" variant="default">
            {t('notFound.home')}
          </Button>
        }
      />
    </Page>
  );
}
