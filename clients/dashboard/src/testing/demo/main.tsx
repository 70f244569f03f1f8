// The page against the fake server, with a large catalogue and runs that play by themselves: `npm run dev:fake`.
// Never part of the product: only index.html of that mode names this file.
import '../../styles';

import { createRoot } from 'react-dom/client';

import { App } from '../../App';
import { startI18n } from '../../i18n/language';
import { connectToPage, createServices } from '../../services';
import { browserSessionChannel } from '../../session/sessionChannel';
import { sampleFile, sampleValue } from '../fakeCatalog';
import { FakeIndicators } from '../fakeIndicators';
import { FakeServer } from '../fakeServer';
import type { Role } from '../fakeSessions';
import { FakeSummary, sampleSummary } from '../fakeSummary';
import { playRuns } from './playRuns';

// ?files=100000&role=Viewer&signedOut
const query = new URLSearchParams(window.location.search);
const server = new FakeServer();
server.files.files = Array.from({ length: Number(query.get('files') ?? 100_000) }, (_, index) => sampleFile(index));
server.files.values = Array.from({ length: 320 }, (_, index) => sampleValue(index));
if (!query.has('signedOut')) server.signInAs((query.get('role') ?? 'Operator') as Role);
playRuns(server);
new FakeSummary(sampleSummary()).install(server);
new FakeIndicators(400).install(server);
Object.assign(window, { fakeServer: server }); // for the console

await startI18n();
const services = createServices(server.transport, browserSessionChannel());
connectToPage(services);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App services={services} />);
