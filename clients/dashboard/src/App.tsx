import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { BrowserRouter } from 'react-router';

import { type Services, ServicesProvider } from './api/ApiContext';
import { AppRoutes, loadViewAt } from './routes';
import { SessionGate } from './session/SessionGate';
import { cssVariablesResolver, theme } from './theme';

// public/theme.js reads the same key before anything is drawn.
const colorSchemeManager = localStorageColorSchemeManager({ key: 'satudata.theme' });

const loadFirst = () => loadViewAt(window.location.pathname);

interface AppProps {
  services: Services;
  portalToken?: string | undefined;
  /** `test` leaves out what moves. */
  env?: 'default' | 'test';
}

export function App({ services, portalToken, env = 'default' }: AppProps) {
  useWordsAgain(services);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemeManager}
      env={env}
    >
      <ServicesProvider services={services}>
        <BrowserRouter>
          <Notifications position="top-right" limit={4} />
          <SessionGate portalToken={portalToken} loadFirst={loadFirst}>
            <AppRoutes />
          </SessionGate>
        </BrowserRouter>
      </ServicesProvider>
    </MantineProvider>
  );
}

/** Messages of the server are loaded again when the language changes: it words them. */
function useWordsAgain({ queryClient }: Services) {
  const { i18n } = useTranslation();
  useEffect(() => {
    const reload = () => void queryClient.invalidateQueries();
    i18n.on('languageChanged', reload);
    return () => i18n.off('languageChanged', reload);
  }, [i18n, queryClient]);
}
