import { Burger, Group, Loader, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect, useEffectEvent, useRef } from 'react';
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
  const burgerRef = useRef<HTMLButtonElement>(null);
  useEscape(menuOpen, () => {
    menu.close();
    burgerRef.current?.focus();
  });
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        {t('app.skipToContent')}
      </a>
      <header className={classes.header}>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              ref={burgerRef}
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
      </header>
      <div className={classes.menu} data-open={menuOpen || undefined}>
        <Navigation onNavigate={menu.close} />
      </div>
      <main id="content" ref={mainRef} tabIndex={-1} className={classes.main}>
        <Stack gap="md" flex={1} mih={0}>
          <ServerAwayBanner />
          <ErrorBoundary key={pathname}>
            <Suspense fallback={<Loader role="status" aria-label={t('app.loading')} m="xl" />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </Stack>
        <RunTracker />
        <RunBar />
      </main>
    </div>
  );
}

/** Escape leaves the menu that lies over the page on a phone. */
function useEscape(isOpen: boolean, leave: () => void): void {
  const onKey = useEffectEvent(({ key }: KeyboardEvent) => {
    if (key === 'Escape') leave();
  });
  useEffect(() => {
    if (!isOpen) return;
    const listener = (event: KeyboardEvent) => onKey(event);
    document.addEventListener('keydown', listener);
    return () => document.removeEventListener('keydown', listener);
  }, [isOpen]);
}
