import { create } from '@bufbuild/protobuf';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import {
  type CatalogFile,
  Delivery_State,
  Failure_Owner,
  FailureSchema,
  Run_Kind,
  Run_State,
  TargetCountsSchema,
} from '../gen/satudata/integration/v1/resources_pb';
import { unreachable } from '../testing/errors';
import { FakeServer } from '../testing/fakeServer';
import { renderView } from '../testing/renderView';
import { RunBar } from './RunBar';
import { SyncAllDialog } from './SyncAllDialog';
import { SyncFileDialog } from './SyncFileDialog';

let server: FakeServer;
let file: CatalogFile;
const closed: string[] = [];

beforeEach(() => {
  server = new FakeServer();
  file = server.files.find('file-000000');
  closed.length = 0;
});

const openFileDialog = (runId?: string) =>
  renderView(<SyncFileDialog file={file} runId={runId} onClose={() => closed.push('file')} />, { server });

const start = async () => userEvent.click(await screen.findByRole('button', { name: 'Mulai sinkron' }));

/** What SyncFile was asked, each time. */
function recordSyncFile() {
  const asked: { targets: string[]; requestId: string; force: boolean }[] = [];
  const { syncFile } = server.integration;
  server.integration.syncFile = (request, context) => {
    asked.push({ targets: request.targets, requestId: request.requestId, force: request.force });
    return syncFile?.(request, context) ?? server.runs.latest().watch(0n, context.signal);
  };
  return asked;
}

describe('the dialog for one file', () => {
  it('sends to the targets that are ticked: all at first, none is not possible', async () => {
    const asked = recordSyncFile();
    await openFileDialog();
    await userEvent.click(await screen.findByRole('checkbox', { name: 'SPLP' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'SIPD' }));
    expect(screen.getByRole('button', { name: 'Mulai sinkron' })).toBeDisabled();
    expect(screen.getByText('Pilih sedikitnya satu sistem tujuan.')).toBeVisible();
    await userEvent.click(screen.getByRole('checkbox', { name: 'SIPD' }));
    await start();
    await waitFor(() => expect(asked).toMatchObject([{ targets: ['sipd'], force: false }]));
  });

  it('sends again what has not changed only when that is asked for', async () => {
    const asked = recordSyncFile();
    await openFileDialog();
    await userEvent.click(await screen.findByText('Opsi lanjutan'));
    await userEvent.click(screen.getByRole('checkbox', { name: /Kirim ulang walau tidak berubah/ }));
    await start();
    await waitFor(() => expect(asked).toMatchObject([{ force: true }]));
  });

  it('shows per target how far it is, then what came of it, why, whose turn it is, and where to look', async () => {
    await openFileDialog();
    await start();
    expect(await screen.findByText('Menutup jendela ini tidak menghentikan proses.')).toBeVisible();
    const run = server.runs.latest();
    run.delivery({ deliveryId: 'd-sipd', target: 'sipd', state: Delivery_State.SENDING });
    const sipd = await screen.findByRole('region', { name: 'SIPD' });
    expect(await within(sipd).findByText('Sedang dikirim')).toBeVisible();
    run.delivery({
      deliveryId: 'd-sipd',
      target: 'sipd',
      state: Delivery_State.REJECTED,
      recordCounts: [{ state: Delivery_State.REJECTED, count: 1_234n }],
      failure: { reason: 'YEAR_INVALID', message: 'Tahun "20x4" tidak sah. Perbaiki.', owner: Failure_Owner.PRODUCER },
    });
    expect(await within(sipd).findByText(/Tahun "20x4"/)).toBeVisible();
    expect(within(sipd).getByText('Giliran: Produsen data')).toBeVisible();
    expect(within(sipd).getByText('Data: 1.234 ditolak')).toBeVisible();
    expect(within(sipd).getByRole('link')).toHaveAttribute('href', '/pengiriman/d-sipd');
    run.end(Run_State.PARTIAL);
    expect(await screen.findByText('Berhasil sebagian')).toBeVisible();
  });

  it('shows a file that the target holds already, which has no delivery', async () => {
    await openFileDialog();
    await start();
    await screen.findByText('Sedang berjalan');
    const states = [{ state: Delivery_State.UNCHANGED, count: 1n }];
    server.runs.latest().end(Run_State.SUCCEEDED, {
      targetCounts: [create(TargetCountsSchema, { target: 'splp', states })],
    });
    const splp = await screen.findByRole('region', { name: 'SPLP' });
    expect(await within(splp).findByText('Sudah sama')).toBeVisible();
  });

  it('attaches to the run that it started when the answer was lost', async () => {
    const asked = recordSyncFile();
    const { syncFile } = server.integration;
    let isLost = true;
    server.integration.syncFile = async function* (request, context) {
      const events = syncFile?.(request, context) ?? [];
      if (isLost) {
        isLost = false;
        throw unreachable();
      }
      yield* events;
    };
    await openFileDialog();
    await start();
    expect(await screen.findByRole('alert')).toHaveTextContent(/tidak dapat dihubungi/);
    await start();
    expect(await screen.findByText('Sedang berjalan')).toBeVisible();
    expect(server.runs.all).toHaveLength(1);
    expect(asked[0]?.requestId).toBe(asked[1]?.requestId);
    expect(asked[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('names the reason when the run cannot be started', async () => {
    file = server.files.find('file-000004');
    await openFileDialog();
    await start();
    expect(await screen.findByRole('alert')).toHaveTextContent('Berkas file-000004 belum diverifikasi.');
  });

  it('comes back to a run that is under way', async () => {
    const run = server.runs.begin(Run_Kind.SYNC_FILE, { fileId: file.fileId });
    run.delivery({ deliveryId: 'd', target: 'splp', state: Delivery_State.CONFIRMED });
    await openFileDialog(run.run.runId);
    expect(await screen.findByText('Terbukti masuk')).toBeVisible();
  });

  it('closed early, is followed by a message at the end', async () => {
    const view = await openFileDialog();
    await start();
    await screen.findByText('Sedang berjalan');
    await userEvent.click(screen.getAllByRole('button', { name: 'Tutup' })[1] ?? screen.getByText('Tutup'));
    expect(closed).toEqual(['file']);
    expect(view.services.trackedRuns.get()).toMatchObject([{ fileId: file.fileId }]);
  });

  it('says nothing more about an end that it has shown', async () => {
    const { services } = await openFileDialog();
    await start();
    await screen.findByText('Sedang berjalan');
    server.runs.latest().end(Run_State.SUCCEEDED);
    await screen.findByText('Berhasil');
    await waitFor(() => expect(services.trackedRuns.get()).toEqual([]));
    expect(screen.queryByText(/Sinkron satu berkas:/)).toBeNull();
  });
});

describe('the dialog for all files', () => {
  it('says how many files are meant, and starts the run', async () => {
    const { services } = await renderView(<SyncAllDialog opened onClose={() => closed.push('all')} />, { server });
    expect(await screen.findByText('10 berkas yang sudah verifikasi akan diperiksa dan dikirim.')).toBeVisible();
    await start();
    await waitFor(() => expect(closed).toEqual(['all']));
    expect(services.trackedRuns.get()).toMatchObject([{ kind: Run_Kind.SYNC_ALL, targets: ['sipd', 'splp'] }]);
  });

  it('names and links the run that is in the way', async () => {
    const other = server.runs.begin(Run_Kind.SYNC_ALL);
    await renderView(<SyncAllDialog opened onClose={() => closed.push('all')} />, { server });
    await start();
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(`Proses ${other.run.runId} ke sipd, splp masih berjalan.`);
    expect(within(alert).getByRole('link')).toHaveAttribute('href', `/proses/${other.run.runId}`);
    expect(closed).toEqual([]);
  });
});

describe('the bar', () => {
  const open = () => renderView(<RunBar />, { server });

  it('is found again after the page was closed and opened, and tells how far it is', async () => {
    const run = server.runs.begin(Run_Kind.SYNC_ALL);
    await open();
    expect(await screen.findByText('Sinkron banyak berkas ke SIPD, SPLP')).toBeVisible();
    expect(await screen.findByText('Menyiapkan rencana…')).toBeVisible();
    run.progress({
      completedCount: 1_240n,
      totalCount: 8_000n,
      targetCounts: [{ target: 'sipd', states: [{ state: Delivery_State.REJECTED, count: 3n }] }],
    });
    expect(await screen.findByText(/1.240 dari 8.000 pengiriman · 3 ditolak/)).toBeVisible();
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '15.5');
  });

  it('makes way for a message with the result and a link', async () => {
    const run = server.runs.begin(Run_Kind.SYNC_ALL);
    await open();
    await screen.findByText('Menyiapkan rencana…');
    const states = [
      { state: Delivery_State.CONFIRMED, count: 3_712n },
      { state: Delivery_State.REJECTED, count: 114n },
    ];
    const targetCounts = [create(TargetCountsSchema, { target: 'sipd', states })];
    act(() => run.end(Run_State.PARTIAL, { targetCounts, openCount: 2n }));
    expect(await screen.findByText('Sinkron banyak berkas: Berhasil sebagian')).toBeVisible();
    expect(screen.getByText('3.712 Terbukti masuk · 114 Ditolak')).toBeVisible();
    expect(screen.getByText('2 masih berlanjut dengan sendirinya.')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Lihat hasilnya' })).toHaveAttribute('href', '/proses/run-1');
    expect(screen.queryByRole('progressbar')).toBeNull();
  });

  it('stops a run once it was said what that does, and the focus comes back', async () => {
    const run = server.runs.begin(Run_Kind.SYNC_ALL);
    await open();
    const stop = await screen.findByRole('button', { name: 'Batalkan Sinkron banyak berkas ke SIPD, SPLP' });
    await userEvent.click(stop);
    const dialog = await screen.findByRole('dialog', { name: 'Batalkan proses ini?' });
    expect(within(dialog).getByText(/Yang belum dikirim tidak akan dikirim/)).toBeVisible();
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(stop).toHaveFocus());
    expect(run.run.state).toBe(Run_State.RUNNING);
    await userEvent.click(stop);
    await userEvent.click(await screen.findByRole('button', { name: 'Batalkan proses' }));
    await waitFor(() => expect(run.run.state).toBe(Run_State.CANCELLED));
  });

  it('lets only those stop a run who may', async () => {
    server.runs.begin(Run_Kind.SYNC_ALL);
    await renderView(<RunBar />, { server, role: 'Viewer' });
    await screen.findByText('Menyiapkan rencana…');
    expect(screen.queryByRole('button', { name: /Batalkan/ })).toBeNull();
  });

  it('says why a run was stopped before anything was sent', async () => {
    const run = server.runs.begin(Run_Kind.SYNC_ALL);
    await open();
    await screen.findByText('Menyiapkan rencana…');
    const failure = create(FailureSchema, { reason: 'MASS_CHANGE', message: '60 dari 100 akan berubah.' });
    act(() => run.end(Run_State.FAILED, { failure }));
    expect(await screen.findByText('60 dari 100 akan berubah.')).toBeVisible();
  });

  it('is not there for runs of one file, which others may begin', async () => {
    server.runs.begin(Run_Kind.SYNC_FILE);
    const { services } = await open();
    await waitFor(() => expect(server.countOf('ListRuns')).toBe(1));
    expect(services.trackedRuns.get()).toEqual([]);
  });
});
