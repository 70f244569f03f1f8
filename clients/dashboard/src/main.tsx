import './styles';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { sameOriginTransport } from './api/client';
import { App } from './App';
import { startI18n } from './i18n/language';
import { connectToPage, createServices } from './services';
import { takePortalToken } from './session/portalToken';
import { restorePlace } from './session/returnPlace';
import { browserSessionChannel } from './session/sessionChannel';

const portalToken = takePortalToken(); // before anything else can see the address
if (portalToken !== undefined) restorePlace();
await startI18n();
const services = createServices(sameOriginTransport, browserSessionChannel());
connectToPage(services);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App services={services} portalToken={portalToken} />
  </StrictMode>,
);
