import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { MemoryRouter, useLocation } from 'react-router';

import { type Services, ServicesProvider } from '../api/ApiContext';
import { RunTracker } from '../runs/RunTracker';
import { createServices } from '../services';
import { theme } from '../theme';
import { FakeServer } from './fakeServer';
import { fakeSessionChannel } from './fakeSessionChannel';

export interface Rendered extends ReturnType<typeof render> {
  server: FakeServer;
  services: Services;
  /** Path and query of the address that the view has led to. */
  place: () => string;
}

interface RenderOptions {
  server?: FakeServer;
  /** The address to begin at. */
  at?: string;
  /** Who is signed in; see FakeServer.signInAs. */
  role?: 'Admin' | 'Operator' | 'Validator' | 'Viewer';
  /** Whether active runs are found and followed in the background, as the shell does. Default: yes. */
  tracksRuns?: boolean;
}

/** Renders a view against a fake server, as somebody who is signed in. */
export async function renderView(view: ReactNode, options: RenderOptions = {}): Promise<Rendered> {
  const server = options.server ?? new FakeServer();
  server.signInAs(options.role ?? 'Operator');
  const services = createServices(server.transport, fakeSessionChannel());
  await services.session.start();
  let place = '';
  const rendered = render(
    <MantineProvider theme={theme} env="test">
      <ServicesProvider services={services}>
        <MemoryRouter initialEntries={[options.at ?? '/']}>
          <Notifications />
          {(options.tracksRuns ?? true) && <RunTracker />}
          {view}
          <PlaceProbe onPlace={(now) => (place = now)} />
        </MemoryRouter>
      </ServicesProvider>
    </MantineProvider>,
  );
  return { ...rendered, server, services, place: () => place };
}

function PlaceProbe({ onPlace }: { onPlace: (place: string) => void }) {
  const { pathname, search } = useLocation();
  onPlace(pathname + search);
  return null;
}
