import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';

import {
  Delivery_State,
  Run_Kind,
  Run_State,
  TargetCountsSchema,
} from '../../gen/satudata/integration/v1/resources_pb';
import { create } from '@bufbuild/protobuf';
import { refusal } from '../../testing/errors';
import { FakeServer } from '../../testing/fakeServer';
import { renderView } from '../../testing/renderView';
import ProsesView from './ProsesView';

const counts = (target: string, ...states: [Delivery_State, bigint][]) =>
  create(TargetCountsSchema, { target, states: states.map(([state, count]) => ({ state, count })) });

function serverWithRuns(): FakeServer {
  const server = new FakeServer();
  const start = Date.UTC(2026, 4, 4, 3);
  server.runs
    .begin(Run_Kind.SYNC_ALL, {
      requestedBy: '<b>siti</b>',
      startTime: timestampFromMs(start),
      targetCounts: [counts('sipd', [Delivery_State.CONFIRMED, 1_200n], [Delivery_State.REJECTED, 3n])],
    })
    .end(Run_State.PARTIAL, { endTime: timestampFromMs(start + 125_000), openCount: 7n });
  server.runs.begin(Run_Kind.RETRY).end(Run_State.FAILED);
  return server;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('the list of runs', () => {
  it('says of each run what it was, who began it, how long it took and what came of it, in words', async () => {
    await renderView(<ProsesView />, { server: serverWithRuns() });
    const row = (await screen.findByText('Sinkron banyak berkas', { selector: 'a' })).closest('tr');
    if (!row) throw new Error('no row');
    expect(within(row).getByText('oleh <b>siti</b>')).toBeInTheDocument();
    expect(row).toHaveTextContent('Terbukti masuk 1.200');
    expect(row).toHaveTextContent('Ditolak 3');
    expect(within(row).getByText('Berhasil sebagian')).toBeInTheDocument();
    expect(within(row).getByText('masih berjalan di belakang: 7')).toBeInTheDocument();
    expect(within(row).getByRole('link')).toHaveAttribute('href', '/proses/run-1');
  });

  it('says of a preview that nothing was sent, and what would have been', async () => {
    const server = new FakeServer();
    const targetCounts = [counts('sipd', [Delivery_State.QUEUED, 7n], [Delivery_State.PARTIAL, 2n])];
    server.runs.begin(Run_Kind.PREVIEW, { targetCounts }).end(Run_State.PARTIAL);
    await renderView(<ProsesView />, { server });
    const row = (await screen.findByText('Tidak ada yang dikirim')).closest('tr');
    expect(row).toHaveTextContent('Akan dikirim 7');
    expect(row).toHaveTextContent('Sebagian akan dikirim 2');
    expect(row).not.toHaveTextContent('Berhasil sebagian');
  });

  it('asks for what the address says, and says in the address what is chosen', async () => {
    const user = userEvent.setup();
    const { place } = await renderView(<ProsesView />, { server: serverWithRuns(), at: '/proses?state=failed' });
    expect(await screen.findByText('Kirim ulang', { selector: 'a' })).toBeInTheDocument();
    expect(screen.queryByText('Sinkron banyak berkas', { selector: 'a' })).not.toBeInTheDocument();
    await user.selectOptions(screen.getByLabelText('Jenis'), 'Sinkron banyak berkas');
    expect(place()).toBe('/proses?state=failed&kind=sync-all');
    expect(await screen.findByText('Tidak ada proses yang cocok')).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Hapus saringan' }));
    expect(place()).toBe('/proses');
    expect(await screen.findByText('Sinkron banyak berkas', { selector: 'a' })).toBeInTheDocument();
  });

  it('takes nonsense in the address for no filter', async () => {
    await renderView(<ProsesView />, { server: serverWithRuns(), at: '/proses?state=9&kind=constructor' });
    expect(await screen.findAllByRole('row')).toHaveLength(3);
  });

  it('loads older runs when asked to', async () => {
    const server = new FakeServer();
    for (let n = 0; n < 60; n += 1) server.runs.begin(Run_Kind.SYNC_FILE).end(Run_State.SUCCEEDED);
    await renderView(<ProsesView />, { server });
    expect(await screen.findAllByRole('row')).toHaveLength(51);
    await userEvent.click(screen.getByRole('button', { name: 'Muat yang lebih lama' }));
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(61));
    expect(screen.queryByRole('button', { name: 'Muat yang lebih lama' })).not.toBeInTheDocument();
  });

  it('says that there are none, and where they come from', async () => {
    await renderView(<ProsesView />);
    expect(await screen.findByText('Belum ada proses')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Ke daftar berkas' })).toHaveAttribute('href', '/');
  });

  it('says why it cannot be shown, in the words of the server', async () => {
    const server = new FakeServer();
    server.integration.listRuns = () => {
      throw refusal(Code.PermissionDenied, 'PERMISSION_DENIED', 'Anda tidak boleh melihat ini.');
    };
    await renderView(<ProsesView />, { server });
    expect(await screen.findByText('Anda tidak boleh melihat ini.')).toBeInTheDocument();
  });
});

describe('the list of runs keeps up', () => {
  const polls = async (server: FakeServer, ms: number) => {
    const before = server.countOf('ListRuns');
    await act(() => vi.advanceTimersByTimeAsync(ms));
    return server.countOf('ListRuns') - before;
  };

  it('while a run is active, and not when none is', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeServer();
    const run = server.runs.begin(Run_Kind.SYNC_ALL);
    await renderView(<ProsesView />, { server, tracksRuns: false });
    await screen.findByText('Sedang berjalan', { selector: 'span' });
    expect(await polls(server, 13_000)).toBe(3);
    run.end(Run_State.SUCCEEDED);
    await polls(server, 5_000);
    expect(await polls(server, 60_000)).toBe(0);
  });

  it('not while nobody looks', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeServer();
    server.runs.begin(Run_Kind.SYNC_ALL);
    await renderView(<ProsesView />, { server });
    await screen.findByText('Sedang berjalan', { selector: 'span' });
    const visibility = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    window.dispatchEvent(new Event('visibilitychange'));
    expect(await polls(server, 60_000)).toBe(0);
    visibility.mockRestore();
  });

  it('with what it last knew while the server is away', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeServer();
    server.runs.begin(Run_Kind.SYNC_ALL);
    await renderView(<ProsesView />, { server });
    await screen.findByText('Sedang berjalan', { selector: 'span' });
    server.isAway = true;
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    expect(screen.getByText('Sedang berjalan', { selector: 'span' })).toBeInTheDocument();
    expect(screen.queryByText('Ini tidak dapat ditampilkan')).not.toBeInTheDocument();
  });

  it('and says so when it cannot be refreshed for another reason', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeServer();
    server.runs.begin(Run_Kind.SYNC_ALL);
    await renderView(<ProsesView />, { server });
    await screen.findByText('Sedang berjalan', { selector: 'span' });
    server.integration.listRuns = () => {
      throw new ConnectError('broken', Code.Internal);
    };
    await act(() => vi.advanceTimersByTimeAsync(20_000));
    expect(screen.getByText(/Belum dapat disegarkan/)).toBeInTheDocument();
    expect(screen.getByText('Sedang berjalan', { selector: 'span' })).toBeInTheDocument();
  });
});
