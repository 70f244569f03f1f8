import { Code } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createServices } from '../services';
import { refusal } from '../testing/errors';
import { FakeServer } from '../testing/fakeServer';
import { fakeSessionChannel } from '../testing/fakeSessionChannel';
import type { Services } from './ApiContext';

let server: FakeServer;
let services: Services;

const awaySince = () => services.presence.get().awaySince;
const callOnce = () => services.api.targets.listTargets({}).catch(() => undefined);

beforeEach(async () => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.signInAs('Viewer');
  services = createServices(server.transport, fakeSessionChannel());
  await services.session.start();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a server that is away', () => {
  it('is noticed by any call, once, with the time', async () => {
    server.isAway = true;
    await callOnce();
    const since = awaySince();
    expect(since).toBeInstanceOf(Date);
    await vi.advanceTimersByTimeAsync(5_000);
    await callOnce();
    expect(awaySince()).toBe(since);
  });

  it('is asked again by itself, and what is on screen is loaded anew when it is back', async () => {
    const invalidate = vi.spyOn(services.queryClient, 'invalidateQueries');
    server.isAway = true;
    await callOnce();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(awaySince()).toBeDefined();
    server.isAway = false;
    await vi.advanceTimersByTimeAsync(16_000);
    expect(awaySince()).toBeUndefined();
    expect(invalidate).toHaveBeenCalled();
  });

  it('is asked at once when somebody looks', async () => {
    server.isAway = true;
    await callOnce();
    server.isAway = false;
    services.presence.askNow();
    await vi.advanceTimersByTimeAsync(0);
    expect(awaySince()).toBeUndefined();
  });
});

describe('a server that is there', () => {
  it('may say that something else is not', async () => {
    server.targets.listTargets = () => {
      throw refusal(Code.Unavailable, 'STORE_UNAVAILABLE', 'Basis data tidak dapat dipakai.');
    };
    await callOnce();
    expect(awaySince()).toBeUndefined();
  });

  it('is as good as away when it is stopping', async () => {
    server.targets.listTargets = () => {
      throw refusal(Code.Unavailable, 'SERVER_STOPPING', 'Layanan sedang dimulai ulang.');
    };
    await callOnce();
    expect(awaySince()).toBeDefined();
  });
});
