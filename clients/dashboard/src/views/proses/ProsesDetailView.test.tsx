import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { RetryRunRequest, SyncAllRequest } from '../../gen/satudata/integration/v1/integration_service_pb';
import {
  Delivery_State,
  Failure_Owner,
  FailureSchema,
  Run_Kind,
  Run_State,
  TargetCountsSchema,
} from '../../gen/satudata/integration/v1/resources_pb';
import { refusal } from '../../testing/errors';
import { FakeServer } from '../../testing/fakeServer';
import { renderView } from '../../testing/renderView';
import { endPreview } from '../../testing/samplePreview';
import ProsesDetailView from './ProsesDetailView';

const { CONFIRMED, DEFERRED, PARKED, QUEUED, REJECTED } = Delivery_State;

const counts = (target: string, ...states: [Delivery_State, bigint][]) =>
  create(TargetCountsSchema, { target, states: states.map(([state, count]) => ({ state, count })) });

const LEFT_OVER = [
  counts('sipd', [CONFIRMED, 90n], [DEFERRED, 4n], [REJECTED, 6n]),
  counts('splp', [CONFIRMED, 97n], [PARKED, 3n]),
];

async function renderRun(server: FakeServer, options: { at?: string; role?: 'Operator' | 'Viewer' } = {}) {
  const routes = (
    <Routes>
      <Route path="proses" element="daftar" />
      <Route path="proses/:runId" element={<ProsesDetailView />} />
    </Routes>
  );
  return renderView(routes, { server, at: '/proses/run-1', ...options });
}

function endedRun(fields: Partial<Parameters<FakeServer['runs']['begin']>[1]> = {}): FakeServer {
  const server = new FakeServer();
  server.runs.begin(Run_Kind.SYNC_ALL, { targetCounts: LEFT_OVER, ...fields }).end(Run_State.PARTIAL);
  return server;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a run that is gone', () => {
  it('is said to be, with a way back', async () => {
    const { place } = await renderRun(new FakeServer(), { at: '/proses/run-9?state=rejected' });
    expect(await screen.findByText('Proses ini tidak ada')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('link', { name: 'Ke daftar proses' }));
    expect(place()).toBe('/proses');
  });
});

describe('a run that is under way', () => {
  it('shows how far it is, how fast, and how long it will take, until it ends', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeServer();
    const run = server.runs.begin(Run_Kind.SYNC_ALL);
    await renderRun(server);
    await screen.findByText('Belum ada yang dikirim atau diperiksa.');
    run.progress({ completedCount: 0n, targetCounts: [counts('sipd', [QUEUED, 5n])] });
    expect(await screen.findByText('0 selesai sejauh ini')).toBeInTheDocument();
    expect(screen.queryByText(/Sisa waktu|lagi$/)).not.toBeInTheDocument();
    for (let n = 1n; n <= 5n; n += 1n) {
      run.progress({
        completedCount: n * 20n,
        totalCount: 1_000n,
        targetCounts: [counts('sipd', [CONFIRMED, n * 20n], [QUEUED, 1_000n - n * 20n])],
      });
      await act(() => vi.advanceTimersByTimeAsync(1_000));
    }
    expect(screen.getByText('100 dari 1.000 selesai')).toBeInTheDocument();
    expect(screen.getByText(/(19|20|21) pengiriman per detik · kira-kira/)).toBeInTheDocument();
    expect(screen.getByText('Proses 10% selesai.')).toBeInTheDocument();
    run.end(Run_State.SUCCEEDED, { targetCounts: [counts('sipd', [CONFIRMED, 1_000n])] });
    expect(await screen.findByText('Proses berakhir: Berhasil.')).toBeInTheDocument();
    expect(screen.queryByText(/per detik/)).not.toBeInTheDocument();
  });

  it('tells what is waited for, why and until when, and then no time left', async () => {
    const server = new FakeServer();
    const run = server.runs.begin(Run_Kind.SYNC_ALL);
    await renderRun(server);
    await screen.findByText('Belum ada yang dikirim atau diperiksa.');
    const failure = { reason: 'TARGET_OUTAGE', message: 'SIPD sedang terganggu.', owner: Failure_Owner.TARGET };
    const endTime = timestampFromMs(Date.UTC(2026, 4, 4, 3));
    run.progress({ completedCount: 1n, totalCount: 9n, waits: [{ target: 'sipd', failure, endTime }] });
    expect(await screen.findByText('SIPD untuk sementara tidak dikirimi')).toBeInTheDocument();
    expect(screen.getByText('SIPD sedang terganggu.')).toBeInTheDocument();
    expect(screen.getByText(/^Ditunggu sampai .*2026/)).toBeInTheDocument();
    expect(screen.getByText(/Sisa waktu belum dapat diperkirakan selama/)).toBeInTheDocument();
  });

  it('does not ask for its deliveries at each event, nor for those from before', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = new FakeServer();
    const run = server.runs.begin(Run_Kind.SYNC_ALL, { lastSequence: 7_000n });
    await renderRun(server);
    await screen.findByText('Belum ada pengiriman');
    expect(run.watchedFrom).toEqual([7_000n]);
    const before = server.countOf('ListDeliveries');
    for (let n = 0; n < 1_000; n += 1) run.delivery({ deliveryId: `d${n}`, state: CONFIRMED });
    await act(() => vi.advanceTimersByTimeAsync(11_000));
    expect(server.countOf('ListDeliveries') - before).toBe(2);
  });
});

describe('cancelling', () => {
  it('says first what it does, and does it only then', async () => {
    const server = new FakeServer();
    server.runs.begin(Run_Kind.SYNC_ALL);
    await renderRun(server);
    await userEvent.click(await screen.findByRole('button', { name: 'Batalkan proses' }));
    const dialog = await screen.findByRole('dialog', { name: 'Batalkan proses ini?' });
    expect(within(dialog).getByText(/Yang sudah masuk tetap ada/)).toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Biarkan berjalan' }));
    expect(server.countOf('CancelRun')).toBe(0);
    await userEvent.click(screen.getByRole('button', { name: 'Batalkan proses' }));
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Batalkan proses' }));
    expect(await screen.findByText('Proses berakhir: Dibatalkan.')).toBeInTheDocument();
    expect(server.countOf('CancelRun')).toBe(1);
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  });

  it('is offered for what an ended run has left open, and says that its state stays', async () => {
    await renderRun(endedRun({ openCount: 4n }));
    await userEvent.click(await screen.findByRole('button', { name: 'Hentikan sisanya' }));
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText('4 pengiriman masih menunggu bukti atau akan dicoba lagi.')).toBeInTheDocument();
    expect(within(dialog).getByText('Keadaan proses ini sendiri tidak berubah.')).toBeInTheDocument();
  });

  it('is not offered where nothing is open', async () => {
    await renderRun(endedRun());
    await screen.findByRole('button', { name: 'Kirim ulang yang belum berhasil' });
    expect(screen.queryByRole('button', { name: 'Hentikan sisanya' })).not.toBeInTheDocument();
  });

  it('stays open with the reason when the server refuses', async () => {
    const server = endedRun({ openCount: 4n });
    server.integration.cancelRun = () => {
      throw refusal(Code.FailedPrecondition, 'NOTHING_OPEN', 'Tidak ada lagi yang terbuka.');
    };
    await renderRun(server);
    await userEvent.click(await screen.findByRole('button', { name: 'Hentikan sisanya' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Hentikan sisanya' }));
    expect(await within(dialog).findByText('Tidak ada lagi yang terbuka.')).toBeInTheDocument();
  });
});

describe('sending again', () => {
  async function openForm(server: FakeServer) {
    const requests: RetryRunRequest[] = [];
    const { retryRun } = server.integration;
    server.integration.retryRun = (request, context) => {
      requests.push(request);
      if (!retryRun) throw new Error('no retryRun');
      return retryRun(request, context);
    };
    const rendered = await renderRun(server);
    await userEvent.click(await screen.findByRole('button', { name: 'Kirim ulang yang belum berhasil' }));
    return { ...rendered, requests, dialog: within(await screen.findByRole('dialog')) };
  }

  it('begins a new run with what was chosen and leads there', async () => {
    const { requests, dialog, place } = await openForm(endedRun());
    expect(dialog.getByText('Paling banyak 7 pengiriman akan dikirim ulang.')).toBeInTheDocument();
    await userEvent.click(dialog.getByRole('checkbox', { name: 'SPLP' }));
    await userEvent.click(dialog.getByRole('checkbox', { name: 'Sertakan yang ditolak' }));
    expect(dialog.getByText('Paling banyak 10 pengiriman akan dikirim ulang.')).toBeInTheDocument();
    await userEvent.click(dialog.getByRole('button', { name: 'Mulai kirim ulang' }));
    await waitFor(() => expect(place()).toBe('/proses/run-2'));
    expect(requests).toMatchObject([{ runId: 'run-1', targets: ['sipd'], includeRejected: true }]);
    expect(await screen.findByRole('link', { name: 'proses sebelumnya' })).toHaveAttribute('href', '/proses/run-1');
  });

  it('cannot begin for no target, nor where there is nothing', async () => {
    const { dialog } = await openForm(endedRun());
    await userEvent.click(dialog.getByRole('checkbox', { name: 'SIPD' }));
    await userEvent.click(dialog.getByRole('checkbox', { name: 'SPLP' }));
    expect(dialog.getByText('Pilih paling sedikit satu sistem tujuan.')).toBeInTheDocument();
    expect(dialog.getByRole('button', { name: 'Mulai kirim ulang' })).toBeDisabled();
  });

  it('uses the same request id again for the same choice, and another for another', async () => {
    const server = endedRun();
    const ids: string[] = [];
    server.integration.retryRun = ({ requestId }) => {
      ids.push(requestId);
      throw refusal(Code.Aborted, 'RUN_ACTIVE', 'Proses run-7 masih berjalan.', { arguments: { run_id: 'run-7' } });
    };
    await renderRun(server);
    await userEvent.click(await screen.findByRole('button', { name: 'Kirim ulang yang belum berhasil' }));
    const dialog = within(await screen.findByRole('dialog'));
    const submit = dialog.getByRole('button', { name: 'Mulai kirim ulang' });
    await userEvent.click(submit);
    expect(await dialog.findByRole('link', { name: /proses yang sedang berjalan/ })).toHaveAttribute(
      'href',
      '/proses/run-7',
    );
    await userEvent.click(submit);
    await userEvent.click(dialog.getByRole('checkbox', { name: 'SPLP' }));
    await userEvent.click(submit);
    await waitFor(() => expect(ids).toHaveLength(3));
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('chooses what was rejected at once where nothing else is left', async () => {
    const { dialog } = await openForm(endedRun({ targetCounts: [counts('sipd', [REJECTED, 2n])], targets: ['sipd'] }));
    expect(dialog.getByRole('checkbox', { name: 'Sertakan yang ditolak' })).toBeChecked();
  });
});

describe('who may only read', () => {
  it('is offered neither', async () => {
    await renderRun(endedRun({ openCount: 4n }), { role: 'Viewer' });
    await screen.findByText(/pengiriman masih berjalan di belakang/);
    expect(screen.queryByRole('button', { name: /Kirim ulang|Hentikan|Batalkan/ })).not.toBeInTheDocument();
  });
});

describe('a preview', () => {
  const preview = (fields: Parameters<FakeServer['runs']['begin']>[1] = {}) => {
    const server = new FakeServer();
    return { server, run: server.runs.begin(Run_Kind.PREVIEW, fields) };
  };

  it('is plainly one, and says what it expects of each target', async () => {
    const { server, run } = preview();
    await renderRun(server);
    expect(await screen.findByText('Pratinjau: tidak ada yang dikirim')).toBeVisible();
    endPreview(server, run);
    const card = within(await screen.findByRole('region', { name: 'Perkiraan' }));
    const sipd = within(await card.findByRole('region', { name: 'SIPD' }));
    expect(sipd.getByText('2 permintaan, sekitar 1 menit 5 detik')).toBeVisible();
    expect(sipd.getByText('1.200 berkas akan dikirim · 3 akan ditolak')).toBeVisible();
    expect(within(card.getByRole('region', { name: 'SPLP' })).getByText('1.203 sudah sama')).toBeVisible();
    expect(screen.getByText('Tidak ada yang dikirim')).toBeVisible();
    expect(screen.queryByRole('button', { name: /Kirim ulang/ })).not.toBeInTheDocument();
  });

  it('of one file says it value by value', async () => {
    const { server, run } = preview({ fileId: 'file-000000' });
    endPreview(server, run);
    await renderRun(server);
    expect(await screen.findByText('1 data baru · 1 berubah · 1 sudah sama · 1 akan ditolak')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Semua data dalam pratinjau ini' })).toBeVisible();
  });

  it('never says that something has arrived', async () => {
    const { server, run } = preview();
    endPreview(server, run);
    server.runs.addDelivery({ runId: run.run.runId, deliveryId: 'd1', target: 'sipd', state: Delivery_State.PARTIAL });
    await renderRun(server);
    const table = within(await screen.findByRole('table', { name: 'Pengiriman dalam proses ini' }));
    expect(table.getByText('Sebagian akan dikirim')).toBeVisible();
    expect(screen.getByLabelText('Akan dikirim (1.200)')).toBeVisible();
    expect(screen.queryByText(/Sebagian masuk|Berhasil|Menunggu giliran/)).not.toBeInTheDocument();
  });

  it('that the guard would stop says why, as the run would', async () => {
    const { server, run } = preview();
    const failure = create(FailureSchema, { reason: 'MASS_CHANGE', message: 'Terlalu banyak yang berubah.' });
    run.end(Run_State.FAILED, { failure });
    await renderRun(server);
    expect(await screen.findByText(failure.message)).toBeVisible();
    expect(screen.getByText('Gagal')).toBeVisible();
  });
});

describe('a run that failed', () => {
  it('says why, with the figures and what to do', async () => {
    const server = new FakeServer();
    const failure = create(FailureSchema, {
      reason: 'MASS_CHANGE',
      owner: Failure_Owner.DATA_STEWARD,
      message: '2900 dari 4900 data yang sudah dikenal akan berubah.',
      arguments: { changed: '2900', known: '4900', percent: '59' },
    });
    server.runs.begin(Run_Kind.SYNC_ALL).end(Run_State.FAILED, { failure });
    await renderRun(server);
    expect(await screen.findByText('2.900')).toBeInTheDocument();
    expect(screen.getByText('59%')).toBeInTheDocument();
    expect(screen.getByText(failure.message)).toBeInTheDocument();
    expect(screen.getByText('Giliran: Walidata')).toBeInTheDocument();
    const asked: SyncAllRequest[] = [];
    const { syncAll } = server.integration;
    server.integration.syncAll = (request, context) => {
      asked.push(request);
      return syncAll?.(request, context) ?? server.runs.latest().watch(0n, context.signal);
    };
    await userEvent.click(screen.getByRole('button', { name: 'Saya sudah memeriksa; lanjutkan' }));
    const dialog = await screen.findByRole('dialog', { name: 'Izinkan perubahan besar?' });
    expect(within(dialog).getByText('2.900')).toBeInTheDocument();
    await userEvent.click(within(dialog).getByRole('button', { name: 'Ya, mulai sinkron' }));
    await waitFor(() =>
      expect(asked).toMatchObject([{ allowMassChange: true, targets: ['sipd', 'splp'], fileIds: [] }]),
    );
  });
});

describe('the deliveries of a run', () => {
  function serverWithDeliveries(count: number): FakeServer {
    const server = endedRun();
    for (let n = 0; n < count; n += 1) {
      const state = n % 10 === 0 ? REJECTED : CONFIRMED;
      const fields = { deliveryId: `d-${n}`, runId: 'run-1', fileId: `f-${n}`, target: n % 2 ? 'splp' : 'sipd', state };
      server.runs.addDelivery({ ...fields, fileName: `<i>Berkas ${n}</i>` });
    }
    return server;
  }

  it('are those that the address asks for, and the names in them are text', async () => {
    const server = serverWithDeliveries(30);
    const { place } = await renderRun(server, { at: '/proses/run-1?target=sipd&state=rejected' });
    const links = await screen.findAllByRole('link', { name: /Berkas/ });
    expect(links.map((link) => link.textContent)).toEqual(['<i>Berkas 0</i>', '<i>Berkas 10</i>', '<i>Berkas 20</i>']);
    expect(links[1]).toHaveAttribute('href', '/pengiriman/d-10');
    await userEvent.click(screen.getByRole('checkbox', { name: /Terbukti masuk/ }));
    expect(place()).toBe('/proses/run-1?target=sipd&state=confirmed%2Crejected');
    await waitFor(() => expect(screen.getAllByRole('link', { name: /Berkas/ })).toHaveLength(15));
  });

  it('come a page at a time, and only what is seen is drawn', async () => {
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(600); // jsdom lays nothing out
    await renderRun(serverWithDeliveries(450));
    const table = await screen.findByRole('table');
    expect(table).toHaveAttribute('aria-rowcount', '201');
    expect(within(table).getAllByRole('row').length).toBeLessThan(60);
    await userEvent.click(screen.getByRole('button', { name: 'Berikutnya' }));
    expect(await screen.findByText('<i>Berkas 200</i>')).toBeInTheDocument();
    expect(screen.getByText('Halaman 2')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Sebelumnya' }));
    expect(await screen.findByText('<i>Berkas 0</i>')).toBeInTheDocument();
  });
});
