import { AppShell, Burger, Group, Loader, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation } from 'react-router';

import { ErrorBoundary } from '../components/ErrorBoundary';
import { RunBar } from '../runs/RunBar';
import { RunTracker } from '../runs/RunTracker';
import { Navigation } from './Navigation';
import { ServerAwayBanner } from './ServerAwayBanner';
import classes from './Shell.module.css';
import { useRouteFocus } from './useRouteFocus';
import { UserMenu } from './UserMenu';
import { Wordmark } from './Wordmark';

/** What is around every view. */
export function Shell() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const [menuOpen, menu] = useDisclosure(false);
  const mainRef = useRouteFocus();
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'md', collapsed: { mobile: !menuOpen } }}
      padding={{ base: 'sm', sm: 'md' }}
    >
      <a className={classes.skip} href="#content">
        {t('app.skipToContent')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={menuOpen}
              onClick={menu.toggle}
              hiddenFrom="md"
              size="sm"
              aria-expanded={menuOpen}
              aria-label={menuOpen ? t('nav.close') : t('nav.open')}
            />
            <Wordmark />
          </Group>
          <UserMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-hidden={undefined}>
        <Navigation onNavigate={menu.close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" ref={mainRef} tabIndex={-1} className={classes.main}>
        <Stack gap="md" flex={1} mih={0}>
          <ServerAwayBanner />
          <ErrorBoundary key={pathname}>
            <Suspense fallback={<Loader aria-label={t('app.loading')} m="xl" />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </Stack>
        <RunTracker />
        <RunBar />
      </AppShell.Main>
    </AppShell>
  );
}
