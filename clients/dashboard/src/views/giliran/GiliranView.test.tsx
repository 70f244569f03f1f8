import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Code } from '@connectrpc/connect';
import { describe, expect, it, vi } from 'vitest';

import { Delivery_State, Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';
import { refusal } from '../../testing/errors';
import { FakeServer } from '../../testing/fakeServer';
import { renderView } from '../../testing/renderView';
import GiliranView from './GiliranView';

const { PRODUCER, TARGET } = Failure_Owner;

function addWaiting(server: FakeServer, count: number, owner: Failure_Owner, reason: string, target = 'sipd') {
  for (let n = 0; n < count; n += 1) {
    server.runs.addDelivery({
      deliveryId: `${reason}-${n}`,
      fileId: server.files.files[n % 12]?.fileId ?? '',
      fileName: `<b>Berkas ${n}</b>`,
      target,
      state: Delivery_State.REJECTED,
      failure: { reason, owner, message: `Nilai ke-${n} salah. Perbaiki.` },
    });
  }
}

function waitingServer(): FakeServer {
  const server = new FakeServer();
  addWaiting(server, 12, PRODUCER, 'NUMBER_INVALID');
  addWaiting(server, 5, TARGET, 'TARGET_OUTAGE', 'splp');
  return server;
}

describe('whose turn it is', () => {
  it('is told for each of the four, with counts, and leads to the files', async () => {
    await renderView(<GiliranView />, { server: waitingServer() });
    const producers = within(await screen.findByRole('region', { name: 'Produsen data' }));
    expect(producers.getByText('12 menunggu')).toBeInTheDocument();
    expect(producers.getByRole('link', { name: /Arti umum NUMBER_INVALID/ })).toHaveAttribute(
      'href',
      '/giliran?owner=producer&reason=NUMBER_INVALID&target=sipd',
    );
    expect(within(screen.getByRole('region', { name: 'Walidata' })).getByText('0 menunggu')).toBeInTheDocument();
    expect(within(screen.getByRole('region', { name: 'Sistem tujuan' })).getByText('5 menunggu')).toBeInTheDocument();
  });

  it('is unclear where no owner is known, and each reason can be opened all the same', async () => {
    const server = waitingServer();
    addWaiting(server, 2, Failure_Owner.UNSPECIFIED, 'REASON_OF_TOMORROW');
    await renderView(<GiliranView />, { server });
    const unclear = within(await screen.findByRole('region', { name: 'Belum jelas' }));
    expect(unclear.getByText('2 menunggu')).toBeInTheDocument();
    expect(unclear.getByRole('link')).toHaveAttribute('href', '/giliran?reason=REASON_OF_TOMORROW&target=sipd');
  });

  it('is nobody where nothing waits', async () => {
    await renderView(<GiliranView />);
    expect(await screen.findByText('Tidak ada yang menunggu siapa pun')).toBeInTheDocument();
  });

  it('cannot be told when the server refuses, and the page says why', async () => {
    const server = new FakeServer();
    server.integration.getSummary = () => {
      throw refusal(Code.Internal, 'STORE_UNAVAILABLE', 'Basis data tidak dapat dibaca.');
    };
    await renderView(<GiliranView />, { server });
    expect(await screen.findByText('Basis data tidak dapat dibaca.')).toBeInTheDocument();
  });
});

describe('the files that wait', () => {
  it('are those that the address asks for, with producer, cause and cure', async () => {
    const { place } = await renderView(<GiliranView />, { server: waitingServer(), at: '/giliran?owner=producer' });
    const row = (await screen.findByRole('link', { name: '<b>Berkas 1</b>' })).closest('tr');
    expect(row).toHaveTextContent('Nilai ke-1 salah. Perbaiki.');
    expect(row).toHaveTextContent('NUMBER_INVALID');
    await waitFor(() => expect(row).toHaveTextContent('Dinas Kesehatan'));
    expect(screen.getAllByRole('row')).toHaveLength(13);
    await userEvent.selectOptions(screen.getByLabelText('Giliran'), 'Sistem tujuan');
    expect(place()).toBe('/giliran?owner=target');
    await waitFor(() => expect(screen.getAllByRole('row')).toHaveLength(6));
  });

  it('are the newest of each file, so that what was settled is not there', async () => {
    const server = waitingServer();
    const fileId = server.files.files[1]?.fileId ?? '';
    server.runs.addDelivery({ deliveryId: 'later', fileId, target: 'sipd', state: Delivery_State.CONFIRMED });
    await renderView(<GiliranView />, { server, at: '/giliran?owner=producer&reason=NUMBER_INVALID' });
    await screen.findByRole('link', { name: '<b>Berkas 2</b>' });
    expect(screen.queryByRole('link', { name: '<b>Berkas 1</b>' })).not.toBeInTheDocument();
  });

  it('whose file is gone have no producer, and are there all the same', async () => {
    const server = waitingServer();
    server.files.files = [];
    await renderView(<GiliranView />, { server, at: '/giliran?owner=target' });
    expect(await screen.findAllByText('Tidak diketahui')).toHaveLength(5);
  });
});

describe('copying the list', () => {
  it('copies all rows with a heading, a tab between cells', async () => {
    const user = userEvent.setup();
    await renderView(<GiliranView />, { server: waitingServer(), at: '/giliran?owner=producer' });
    await user.click(screen.getByRole('button', { name: 'Salin daftar' }));
    expect(await screen.findByText('12 baris tersalin. Tempel di lembar kerja atau pesan.')).toBeInTheDocument();
    const lines = (await navigator.clipboard.readText()).split('\n').map((line) => line.split('\t'));
    expect(lines).toHaveLength(13);
    expect(lines[0]?.slice(0, 4)).toEqual(['Berkas', 'Nomor berkas', 'Produsen', 'Sistem tujuan']);
    expect(lines[2]?.slice(0, 8)).toEqual([
      '<b>Berkas 1</b>',
      'file-000001',
      'Dinas Kesehatan',
      'SIPD',
      'Ditolak',
      'Produsen data',
      'NUMBER_INVALID',
      'Nilai ke-1 salah. Perbaiki.',
    ]);
  });

  it('copies a thousand rows and says that there are more', async () => {
    const user = userEvent.setup();
    const server = new FakeServer();
    let asked = 0;
    server.integration.listDeliveries = ({ pageSize }) => {
      if (pageSize < 1_000) return { deliveries: [] };
      asked += 1;
      const deliveries = Array.from({ length: 1_000 }, (_, n) => ({ deliveryId: `d${n}`, fileId: 'file-000001' }));
      return { deliveries, nextPageToken: 'more' };
    };
    await renderView(<GiliranView />, { server, at: '/giliran?owner=producer' });
    await user.click(screen.getByRole('button', { name: 'Salin daftar' }));
    expect(await screen.findByText(/^1\.000 baris pertama tersalin; masih ada lagi/)).toBeInTheDocument();
    expect(asked).toBe(1);
    expect((await navigator.clipboard.readText()).split('\n')).toHaveLength(1_001);
    expect(server.countOf('GetFile')).toBe(1);
  });

  it('shows the text where the browser does not let the page copy', async () => {
    const user = userEvent.setup();
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'));
    await renderView(<GiliranView />, { server: waitingServer(), at: '/giliran?owner=target' });
    await user.click(screen.getByRole('button', { name: 'Salin daftar' }));
    const box = within(await screen.findByRole('dialog')).getByLabelText('Daftar');
    expect((box as HTMLTextAreaElement).value.split('\n')).toHaveLength(6);
  });
});
