import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext } from 'react';

import type { SessionManager } from '../session/sessionManager';
import type { TrackedRuns } from '../runs/trackedRuns';
import type { Api } from './client';
import type { RunWatchers } from './runWatchers';
import type { ServerPresence } from './serverPresence';

/** What the page is wired from; one of each, made in createServices(). */
export interface Services {
  api: Api;
  session: SessionManager;
  presence: ServerPresence;
  queryClient: QueryClient;
  watchers: RunWatchers;
  trackedRuns: TrackedRuns;
}

const ServicesContext = createContext<Services | undefined>(undefined);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return (
    <ServicesContext value={services}>
      <QueryClientProvider client={services.queryClient}>{children}</QueryClientProvider>
    </ServicesContext>
  );
}

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('useServices outside of ServicesProvider');
  return services;
}

/** The typed clients of our services. */
export function useApi(): Api {
  return useServices().api;
}
