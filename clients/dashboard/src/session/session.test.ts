import { Code } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { toFailure } from '../api/failure';
import type { Services } from '../api/ApiContext';
import { createServices } from '../services';
import { refusal } from '../testing/errors';
import { FakeServer } from '../testing/fakeServer';
import { fakeSessionChannel } from '../testing/fakeSessionChannel';
import { Run_Kind, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import { takePortalToken } from './portalToken';

let server: FakeServer;
let services: Services;

function openTab(tabs?: Parameters<typeof fakeSessionChannel>[0]): Services {
  return createServices(server.transport, fakeSessionChannel(tabs));
}

async function signedIn(): Promise<void> {
  server.signInAs('Operator');
  await services.session.start();
}

const listTargets = () => services.api.targets.listTargets({});
const status = () => services.session.get().status;

beforeEach(() => {
  server = new FakeServer();
  services = openTab();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('starting', () => {
  it('keeps one signed in through a reload', async () => {
    server.signInAs('Operator', 'siti');
    await services.session.start();
    expect(services.session.get()).toMatchObject({ status: 'signedIn', session: { username: 'siti' } });
  });

  it('leads to signing in without a session', async () => {
    await services.session.start();
    expect(status()).toBe('signedOut');
  });

  it('adopts the token of a portal', async () => {
    await services.session.start('portal-token');
    expect(services.session.get()).toMatchObject({ session: { username: 'dari-portal' } });
    expect(server.countOf('RefreshSession')).toBe(0);
  });

  it('says that the token of a portal was refused', async () => {
    await services.session.start('forged');
    expect(services.session.get()).toEqual({ status: 'signedOut', portalRefused: true });
  });

  it('is not decided while the server is away', async () => {
    server.isAway = true;
    await expect(services.session.start()).rejects.toThrow();
    expect(status()).toBe('starting');
  });
});

describe('the token', () => {
  it('goes with every call but those of the session', async () => {
    await signedIn();
    await listTargets();
    expect(server.calls).toMatchObject([
      { method: 'RefreshSession', token: null },
      { method: 'ListTargets', token: 'token-1' },
    ]);
  });

  it('is renewed once for all calls that find it expired, and each is tried once more', async () => {
    await signedIn();
    server.sessions.expireTokens();
    await Promise.all([listTargets(), listTargets(), services.api.catalog.getCatalogSummary({})]);
    expect(server.countOf('RefreshSession')).toBe(2);
    expect(server.countOf('ListTargets')).toBe(4);
  });

  it('is renewed for a stream that is refused', async () => {
    await signedIn();
    server.runs.begin(Run_Kind.SYNC_ALL).end(Run_State.SUCCEEDED);
    server.sessions.expireTokens();
    const events = [];
    for await (const event of services.api.integration.watchRun({ runId: 'run-1' })) events.push(event);
    expect(events).toHaveLength(2);
  });

  it('is never renewed in a loop', async () => {
    await signedIn();
    server.targets.listTargets = () => {
      throw refusal(Code.Unauthenticated, 'TOKEN_INVALID', 'Token masuk tidak diterima.');
    };
    await expect(listTargets()).rejects.toMatchObject({ code: Code.Unauthenticated });
    expect(server.countOf('ListTargets')).toBe(2);
    expect(server.countOf('RefreshSession')).toBe(2);
  });

  it('is renewed before it ends', async () => {
    vi.useFakeTimers();
    server.sessions.lifeMs = 300_000;
    await signedIn();
    await vi.advanceTimersByTimeAsync(239_000);
    expect(server.countOf('RefreshSession')).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.countOf('RefreshSession')).toBe(2);
  });

  it('is not renewed without pause where the clocks differ', async () => {
    vi.useFakeTimers();
    server.sessions.lifeMs = -3_600_000;
    await signedIn();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.countOf('RefreshSession')).toBeLessThanOrEqual(4);
  });

  it('is kept in no storage', async () => {
    await signedIn();
    expect(JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])).not.toContain('token-1');
  });
});

describe('a session that ends', () => {
  it('keeps calls waiting, and they go on after signing in again', async () => {
    await signedIn();
    server.sessions.end();
    const call = listTargets();
    await vi.waitFor(() => expect(status()).toBe('ended'));
    await services.session.signIn('siti', server.sessions.password);
    await expect(call).resolves.toMatchObject({ targets: [{ target: 'sipd' }, { target: 'splp' }] });
  });

  it('does not send what one person began as another', async () => {
    await signedIn();
    server.sessions.end();
    const call = listTargets();
    await vi.waitFor(() => expect(status()).toBe('ended'));
    await services.session.signIn('budi', server.sessions.password);
    await expect(call).rejects.toMatchObject({ code: Code.Unauthenticated });
  });

  it('forgets what was loaded for somebody else', async () => {
    await signedIn();
    services.queryClient.setQueryData(['files'], 'of siti');
    server.sessions.end();
    await services.session.renew().catch(() => undefined);
    expect(services.queryClient.getQueryData(['files'])).toBe('of siti');
    await services.session.signIn('budi', server.sessions.password);
    expect(services.queryClient.getQueryData(['files'])).toBeUndefined();
  });
});

describe('signing out', () => {
  it('holds in all tabs', async () => {
    const tabs: Parameters<typeof fakeSessionChannel>[0] = [];
    services = openTab(tabs);
    const other = openTab(tabs);
    server.signInAs('Operator');
    await Promise.all([services.session.start(), other.session.start()]);
    await services.session.signOut();
    expect(status()).toBe('signedOut');
    expect(other.session.get().status).toBe('signedOut');
  });

  it('holds here when the server is away', async () => {
    await signedIn();
    server.isAway = true;
    await expect(services.session.signOut()).rejects.toThrow();
    expect(status()).toBe('signedOut');
  });

  it('is not undone by a renewal that was under way', async () => {
    await signedIn();
    const renewal = services.session.renew();
    void services.session.signOut();
    await renewal.catch(() => undefined);
    expect(status()).toBe('signedOut');
  });
});

it('signing in in one tab signs the others in', async () => {
  const tabs: Parameters<typeof fakeSessionChannel>[0] = [];
  services = openTab(tabs);
  const other = openTab(tabs);
  await Promise.all([services.session.start(), other.session.start()]);
  await services.session.signIn('siti', server.sessions.password);
  await vi.waitFor(() => expect(other.session.get().status).toBe('signedIn'));
});

describe('a failure', () => {
  it('carries what the server says of it', async () => {
    await services.session.start();
    server.session.signIn = () => {
      throw refusal(Code.ResourceExhausted, 'TOO_MANY_ATTEMPTS', 'Terlalu banyak percobaan.', { retryAfterMs: 90_000 });
    };
    const error: unknown = await services.session.signIn('siti', 'x').catch((cause: unknown) => cause);
    expect(toFailure(error)).toMatchObject({
      reason: 'TOO_MANY_ATTEMPTS',
      message: 'Terlalu banyak percobaan.',
      retryAfterMs: 90_000,
    });
  });
});

describe('the token of a portal', () => {
  it('is taken out of the address', () => {
    window.history.replaceState(null, '', '/berkas?text=padi#token=abc.def');
    expect(takePortalToken()).toBe('abc.def');
    expect(window.location.href).toMatch(/\/berkas\?text=padi$/);
    expect(takePortalToken()).toBeUndefined();
  });
});
