import { Code } from '@connectrpc/connect';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import { App } from '../App';
import { connectToPage, createServices } from '../services';
import type { Services } from '../api/ApiContext';
import { refusal } from '../testing/errors';
import { FakeServer } from '../testing/fakeServer';
import { fakeSessionChannel } from '../testing/fakeSessionChannel';

let server: FakeServer;
let services: Services;

function open(path: string, portalToken?: string): void {
  window.history.replaceState(null, '', path);
  services = createServices(server.transport, fakeSessionChannel());
  render(<App services={services} portalToken={portalToken} env="test" />);
}

async function signIn(password: string): Promise<void> {
  const name = await screen.findByLabelText('Nama pengguna');
  await userEvent.clear(name);
  await userEvent.type(name, 'siti');
  await userEvent.type(screen.getByLabelText('Kata sandi'), password);
  await userEvent.click(screen.getByRole('button', { name: 'Masuk' }));
}

beforeEach(() => {
  server = new FakeServer();
});

describe('signing in', () => {
  it('leads to the address that was asked for', async () => {
    open('/berkas?text=padi');
    await signIn(server.sessions.password);
    expect(await screen.findByRole('heading', { name: 'Berkas' })).toBeVisible();
    expect(window.location.pathname + window.location.search).toBe('/?text=padi');
  });

  it('takes no password that is longer than the server takes', async () => {
    open('/');
    expect(await screen.findByLabelText('Kata sandi')).toHaveAttribute('maxlength', '511');
  });

  it('says what the server says of a wrong password, and clears it', async () => {
    open('/');
    await signIn('salah');
    expect(await screen.findByText('Nama pengguna atau kata sandi tidak cocok.')).toBeVisible();
    expect(screen.getByLabelText('Kata sandi')).toHaveValue('');
  });

  it('says when to try again after too many attempts', async () => {
    open('/');
    server.session.signIn = () => {
      throw refusal(Code.ResourceExhausted, 'TOO_MANY_ATTEMPTS', 'Terlalu banyak percobaan.', {
        retryAfterMs: 120_000,
      });
    };
    await signIn('x');
    expect(await screen.findByText(/Coba lagi pada .*2 menit lagi/)).toBeVisible();
  });

  it('offers the portal, alone where there are no local accounts', async () => {
    server.sessions.options = { password: false, portalUrl: 'https://portal.example/masuk' };
    open('/');
    expect(await screen.findByRole('link', { name: 'Masuk lewat portal' })).toHaveAttribute(
      'href',
      'https://portal.example/masuk',
    );
    expect(screen.queryByLabelText('Kata sandi')).toBeNull();
  });

  it('is not needed with a token of the portal', async () => {
    open('/', 'portal-token');
    expect(await screen.findByRole('heading', { name: 'Berkas' })).toBeVisible();
  });
});

describe('a token of the portal that comes while the page is open', () => {
  it('signs in, and is taken out of the address', async () => {
    open('/');
    const disconnect = connectToPage(services);
    await screen.findByLabelText('Nama pengguna');
    window.location.hash = '#token=portal-token';
    expect(await screen.findByRole('button', { name: 'Menu pengguna dari-portal' })).toBeVisible();
    expect(window.location.hash).toBe('');
    disconnect();
  });
});

describe('a session that ends', () => {
  it('leads to signing in over the page, which is still there afterwards', async () => {
    server.signInAs('Operator', 'siti');
    open('/');
    const heading = await screen.findByRole('heading', { name: 'Berkas' });
    server.sessions.end();
    await services.session.renew().catch(() => undefined);
    expect(await screen.findByRole('heading', { name: 'Sesi Anda telah berakhir' })).toBeVisible();
    expect(heading).toBeInTheDocument();
    await signIn(server.sessions.password);
    await waitFor(() => expect(screen.queryByText('Sesi Anda telah berakhir')).toBeNull());
    expect(screen.getByRole('heading', { name: 'Berkas' })).toBe(heading);
  });
});

describe('the user menu', () => {
  it('shows name and role, changes the language, and signs out', async () => {
    server.signInAs('Operator', 'siti');
    open('/');
    await userEvent.click(await screen.findByRole('button', { name: 'Menu pengguna siti' }));
    await waitFor(() => expect(screen.getByText('Operator')).toBeVisible());
    await userEvent.click(screen.getByRole('radio', { name: 'English' }));
    expect(await screen.findByRole('heading', { name: 'Files' })).toBeVisible();
    expect(document.documentElement.lang).toBe('en');
    await userEvent.click(screen.getByRole('radio', { name: 'Indonesia' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Keluar' }));
    expect(await screen.findByRole('heading', { name: 'Masuk' })).toBeVisible();
  });
});

describe('a server that goes away', () => {
  it('leaves on screen what is there, and a banner says since when', async () => {
    server.signInAs('Operator');
    open('/');
    await screen.findByRole('heading', { name: 'Berkas' });
    server.isAway = true;
    await services.api.targets.listTargets({}).catch(() => undefined);
    expect(await screen.findByText(/Server tidak dapat dihubungi sejak/)).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Berkas' })).toBeVisible();
    server.isAway = false;
    await userEvent.click(screen.getByRole('button', { name: 'Coba sekarang' }));
    await waitFor(() => expect(screen.queryByText(/Server tidak dapat dihubungi/)).toBeNull());
  });

  it('before the page has begun is waited for', async () => {
    server.signInAs('Operator');
    server.isAway = true;
    open('/');
    expect(await screen.findByText(/mencoba lagi dengan sendirinya/)).toBeVisible();
    server.isAway = false;
    services.presence.askNow();
    expect(await screen.findByRole('heading', { name: 'Berkas' })).toBeVisible();
  });
});
