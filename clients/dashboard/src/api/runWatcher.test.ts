import { Code } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Delivery_State, Run_Kind, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import { createServices } from '../services';
import { refusal } from '../testing/errors';
import type { FakeRun } from '../testing/fakeRun';
import { FakeServer } from '../testing/fakeServer';
import { fakeSessionChannel } from '../testing/fakeSessionChannel';
import type { Services } from './ApiContext';

let server: FakeServer;
let services: Services;
let run: FakeRun;
let renders: number;

const view = () => services.watchers.view(run.run.runId);
const watch = () => services.watchers.watch(run.run.runId, () => (renders += 1));

/** Lets what is under way happen, without time passing. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  server = new FakeServer();
  server.signInAs('Viewer');
  services = createServices(server.transport, fakeSessionChannel());
  await services.session.start();
  run = server.runs.begin(Run_Kind.SYNC_ALL);
  renders = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

describe('watching a run', () => {
  it('shows the snapshot at once, then what happens, then how it ended', async () => {
    watch();
    await settle();
    expect(view()).toMatchObject({ connection: 'live', run: { state: Run_State.RUNNING } });
    run.progress({ completedCount: 3n, totalCount: 10n });
    run.delivery({ deliveryId: 'd1', state: Delivery_State.CONFIRMED });
    await vi.advanceTimersByTimeAsync(200);
    expect(view()).toMatchObject({ completedCount: 3, totalCount: 10, deliveries: [{ deliveryId: 'd1' }] });
    run.end(Run_State.SUCCEEDED);
    await vi.advanceTimersByTimeAsync(200);
    expect(view()).toMatchObject({ connection: 'ended', run: { state: Run_State.SUCCEEDED } });
  });

  it('goes on at the last sequence when the stream breaks', async () => {
    watch();
    await settle();
    run.delivery({ deliveryId: 'd1', state: Delivery_State.SENDING });
    run.delivery({ deliveryId: 'd2', state: Delivery_State.SENDING });
    await settle();
    run.breakStreams();
    await settle();
    expect(view().connection).toBe('away');
    await vi.advanceTimersByTimeAsync(500);
    expect(run.watchedFrom).toEqual([0n, 2n]);
    await vi.advanceTimersByTimeAsync(200);
    expect(view().connection).toBe('live');
    expect(view().deliveries).toHaveLength(2);
  });

  it('waits longer and longer for a server that is away, and is there again soon after it', async () => {
    watch();
    await settle();
    server.isAway = true;
    run.breakStreams();
    await vi.advanceTimersByTimeAsync(60_000);
    const triesWhileAway = run.watchedFrom.length;
    expect(view()).toMatchObject({ connection: 'away', run: { state: Run_State.RUNNING } });
    server.isAway = false;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(view().connection).toBe('live');
    expect(run.watchedFrom).toHaveLength(triesWhileAway + 1);
  });

  it('begins again when the server knows less than was seen', async () => {
    watch();
    await settle();
    run.delivery({ deliveryId: 'd1' });
    await settle();
    const { watchRun } = server.integration;
    server.integration.watchRun = (request, context) => {
      if (request.afterSequence > 0n) throw refusal(Code.OutOfRange, 'SEQUENCE_OUT_OF_RANGE', 'Urutan tidak tersedia.');
      return watchRun?.(request, context) ?? run.watch(0n, context.signal);
    };
    run.breakStreams();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(run.watchedFrom).toEqual([0n, 0n]);
    expect(view().connection).toBe('live');
  });

  it('gives up on a run that is not there', async () => {
    const missing: unknown[] = [];
    services.watchers.watch('nowhere', () => missing.push(1));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(services.watchers.view('nowhere').connection).toBe('failed');
    expect(server.countOf('WatchRun')).toBe(1);
  });

  it('takes a stream that says nothing for broken', async () => {
    watch();
    await settle();
    await vi.advanceTimersByTimeAsync(46_000);
    expect(run.watchedFrom.length).toBe(2);
  });

  it('tells at most five times a second, however much happens', async () => {
    watch();
    await settle();
    renders = 0;
    for (let step = 0; step < 100; step += 1) {
      for (let n = 0; n < 10; n += 1) run.delivery({ deliveryId: `d${step}-${n}` });
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(renders).toBeLessThanOrEqual(6);
    expect(renders).toBeGreaterThan(2);
  });

  it('keeps the newest 200 deliveries, each once', async () => {
    watch();
    await settle();
    for (let n = 0; n < 1_000; n += 1) run.delivery({ deliveryId: `d${n}`, state: Delivery_State.SENDING });
    run.delivery({ deliveryId: 'd900', state: Delivery_State.CONFIRMED });
    await vi.advanceTimersByTimeAsync(400);
    expect(view().deliveries).toHaveLength(200);
    expect(view().deliveries[0]).toMatchObject({ deliveryId: 'd900', state: Delivery_State.CONFIRMED });
  });

  it('works out speed and time left', async () => {
    watch();
    await settle();
    run.progress({ completedCount: 0n, totalCount: 100n });
    await vi.advanceTimersByTimeAsync(2_000);
    run.progress({ completedCount: 20n, totalCount: 100n });
    await vi.advanceTimersByTimeAsync(200);
    expect(view().speed?.perSecond).toBeCloseTo(10, 0);
    expect(view().speed?.secondsLeft).toBeCloseTo(8, 0);
  });
});

describe('streams', () => {
  it('are shared by all who watch the same run', async () => {
    watch();
    watch();
    await settle();
    expect(run.watcherCount()).toBe(1);
  });

  it('end when nobody watches, and what is known is there for who comes soon after', async () => {
    const stop = watch();
    await settle();
    stop();
    await settle();
    expect(run.watcherCount()).toBe(0);
    expect(view().run?.runId).toBe(run.run.runId);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(view().run).toBeUndefined();
  });

  it('pause for a page that nobody looks at, and go on where they were', async () => {
    watch();
    await settle();
    run.delivery({ deliveryId: 'd1' });
    await settle();
    services.watchers.pauseAll();
    await settle();
    expect(run.watcherCount()).toBe(0);
    expect(view().connection).toBe('paused');
    run.delivery({ deliveryId: 'd2' });
    services.watchers.resumeAll();
    await vi.advanceTimersByTimeAsync(400);
    expect(run.watchedFrom).toEqual([0n, 1n]);
    expect(view().deliveries.map(({ deliveryId }) => deliveryId)).toEqual(['d2', 'd1']);
  });
});
