import { Button, Stack, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { Notice } from './Notice';

/** Keeps a view that breaks from taking the page with it. Give it a `key` that changes with the view. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  return (
    <Notice tone="bad" role="alert">
      <Stack gap="xs" align="flex-start">
        <Text fw={600}>{t('failure.pageBroken')}</Text>
        <Text size="sm">{t('failure.pageBrokenText')}</Text>
        <Button variant="default" size="xs" onClick={() => window.location.reload()}>
          {t('failure.reload')}
        </Button>
      </Stack>
    </Notice>
  );
}
