import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import { CatalogFile_Verification, Delivery_State, Run_State } from '../../gen/satudata/integration/v1/resources_pb';
import { sampleFile } from '../../testing/fakeCatalog';
import { FakeServer } from '../../testing/fakeServer';
import { renderView } from '../../testing/renderView';
import BerkasView from './BerkasView';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});

const open = (at = '/', role?: 'Operator' | 'Viewer') =>
  renderView(<BerkasView />, { server, at, ...(role && { role }) });

const syncButton = (name: RegExp) => screen.findByRole('button', { name });
const listed = () =>
  screen.queryAllByRole('row').flatMap((row) => /Kecamatan \d+/.exec(row.textContent)?.slice(0, 1) ?? []);

describe('the table', () => {
  it('tells how many rows there are and which one each is, though few are there', async () => {
    server.files.files = Array.from({ length: 5_000 }, (_, index) => sampleFile(index));
    await open();
    const grid = await screen.findByRole('grid', { name: 'Daftar berkas' });
    expect(grid).toHaveAttribute('aria-rowcount', '5001');
    const rows = await within(grid).findAllByRole('row');
    expect(rows.length).toBeLessThan(60);
    expect(rows[1]).toHaveAttribute('aria-rowindex', '2');
    expect(screen.getByText('5.000 berkas cocok')).toBeVisible();
  });

  it('shows a name with HTML in it as text', async () => {
    server.files.files = [];
    server.files.add({ fileId: 'x', name: '<img src=x onerror=alert(1)> & "padi"' });
    await open();
    expect(await screen.findByText('<img src=x onerror=alert(1)> & "padi"')).toBeVisible();
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });

  it('links each state to its delivery, and has a column per target', async () => {
    await open();
    expect(await screen.findByRole('columnheader', { name: 'SIPD' })).toBeVisible();
    expect(screen.getByRole('columnheader', { name: 'SPLP' })).toBeVisible();
    const [link] = await screen.findAllByRole('link', { name: /SIPD: Ditolak/ });
    expect(link).toHaveAttribute('href', '/pengiriman/delivery-1-sipd');
  });

  it('leads from the name of a file to what is in it', async () => {
    await open();
    const link = await screen.findByRole('link', { name: 'Jumlah Penduduk menurut Kecamatan 0' });
    expect(link).toHaveAttribute('href', '/berkas/file-000000');
  });

  it('is one stop for Tab, and arrows go on from there', async () => {
    await open();
    const first = await screen.findByRole('checkbox', { name: /Pilih Jumlah Penduduk menurut Kecamatan 0/ });
    act(() => first.focus());
    await userEvent.keyboard('{ArrowDown}');
    await waitFor(() => expect(screen.getByRole('checkbox', { name: /Kecamatan 1$/ })).toHaveFocus());
    await userEvent.keyboard('{ArrowRight}');
    await waitFor(() => expect(screen.getByRole('link', { name: /Kecamatan 1$/ })).toHaveFocus());
    await userEvent.keyboard('{End}');
    await waitFor(() => expect(screen.getByRole('button', { name: /^Sinkron .* Kecamatan 1$/ })).toHaveFocus());
    await userEvent.keyboard('{Home} ');
    expect(screen.getByRole('checkbox', { name: /Kecamatan 1$/ })).toBeChecked();
  });

  it('says so when there is nothing, and what to do', async () => {
    server.files.files = [];
    await open();
    expect(await screen.findByText('Belum ada berkas')).toBeVisible();
  });

  it('stays when loading anew fails', async () => {
    const { services } = await open();
    await syncButton(/Kecamatan 0/);
    server.isAway = true;
    await act(() => services.queryClient.invalidateQueries());
    expect(await syncButton(/Kecamatan 0/)).toBeVisible();
  });
});

describe('filters', () => {
  it('come from the address', async () => {
    await open('/?verification=unverified&theme=Pertanian');
    await screen.findByText('1 berkas cocok');
    expect(listed()).toEqual(['Kecamatan 4']);
  });

  it('ask for a state at a target', async () => {
    const isRejected = (index: number) =>
      sampleFile(index).targetStates.some(
        ({ target, state }) => target === 'sipd' && state === Delivery_State.REJECTED,
      );
    const expected = server.files.files.flatMap((_, index) => (isRejected(index) ? [`Kecamatan ${index}`] : []));
    await open('/?target=sipd&state=rejected');
    await screen.findByText(`${expected.length} berkas cocok`);
    expect(listed()).toEqual(expected);
  });

  it('that make no sense are none', async () => {
    await open('/?verification=perhaps&state=rejected&target=');
    expect(await screen.findByText('12 berkas cocok')).toBeVisible();
  });

  it('go into the address when somebody types, once they pause', async () => {
    const { place } = await open();
    await syncButton(/Kecamatan 0/);
    const before = server.countOf('ListFiles');
    await userEvent.type(screen.getByRole('searchbox'), 'kecamatan 11');
    expect(await screen.findByText('1 berkas cocok')).toBeVisible();
    expect(place()).toBe('/?text=kecamatan+11');
    expect(server.countOf('ListFiles') - before).toBeLessThanOrEqual(2);
  });

  it('that match nothing can be removed', async () => {
    const { place } = await open('/?text=tidakada');
    await userEvent.click(await screen.findByRole('button', { name: 'Hapus saringan' }));
    expect(await screen.findByText('12 berkas cocok')).toBeVisible();
    expect(place()).toBe('/');
    expect(screen.getByRole('searchbox')).toHaveValue('');
  });
});

describe('what one may do', () => {
  it('is not offered to a viewer, who is told why', async () => {
    await open('/', 'Viewer');
    const button = await syncButton(/^Sinkron .* Kecamatan 0/);
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAccessibleDescription('Peran Anda (Pengamat) tidak dapat menyinkronkan.');
    expect(screen.getByRole('button', { name: 'Sinkron Semua File' })).toHaveAttribute('aria-disabled', 'true');
    expect(screen.queryByRole('checkbox')).toBeNull();
    await userEvent.click(button);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('with a file that is not verified is nothing, and the button says why', async () => {
    await open();
    const button = await syncButton(/Kecamatan 4$/);
    expect(button).toHaveAttribute('aria-disabled', 'true');
    expect(button).toHaveAccessibleDescription(/Belum diverifikasi/);
    expect(screen.getByRole('checkbox', { name: /Kecamatan 4$/ })).toBeDisabled();
  });
});

describe('choosing', () => {
  it('sends the chosen few, and then none is chosen', async () => {
    await open();
    await userEvent.click(await screen.findByRole('checkbox', { name: /Kecamatan 0$/ }));
    await userEvent.click(screen.getByRole('checkbox', { name: /Kecamatan 2$/ }));
    expect(screen.getByText('2 berkas dipilih')).toBeVisible();
    expect(screen.getByText('Paling banyak 1.000 berkas sekali sinkron.')).toBeVisible();
    let fileIds: string[] = [];
    const { syncAll } = server.integration;
    server.integration.syncAll = (request, context) => {
      fileIds = request.fileIds;
      return syncAll?.(request, context) ?? server.runs.latest().watch(0n, context.signal);
    };
    await userEvent.click(screen.getByRole('button', { name: 'Sinkron pilihan' }));
    await userEvent.click(await screen.findByRole('button', { name: 'Mulai sinkron' }));
    await waitFor(() => expect(fileIds).toEqual(['file-000000', 'file-000002']));
    await waitFor(() => expect(screen.queryByText('2 berkas dipilih')).toBeNull());
  });

  it('all takes the verified ones that match, up to a thousand, and says when there are more', async () => {
    server.files.files = Array.from({ length: 1_400 }, (_, index) => sampleFile(index));
    await open();
    await userEvent.click(await screen.findByRole('checkbox', { name: /Pilih semua yang cocok/ }));
    expect(await screen.findByText('1.000 berkas dipilih')).toBeVisible();
    expect(await screen.findByText(/1.000 berkas pertama dipilih dari 1.120/)).toBeVisible();
  });
});

describe('after a run', () => {
  it('the rows show what it changed', async () => {
    await open();
    await userEvent.click(await syncButton(/^Sinkron .* Kecamatan 0$/));
    await userEvent.click(await screen.findByRole('button', { name: 'Mulai sinkron' }));
    await screen.findByText('Sedang berjalan');
    const file = server.files.find('file-000000');
    server.files.files[0] = {
      ...sampleFile(1),
      fileId: file.fileId,
      name: file.name,
      verification: CatalogFile_Verification.VERIFIED,
    };
    server.runs.latest().end(Run_State.SUCCEEDED);
    await screen.findByText('Berhasil');
    await userEvent.click(screen.getAllByRole('button', { name: 'Tutup' })[1] ?? screen.getByText('Tutup'));
    const row = (await syncButton(/^Sinkron .* Kecamatan 0$/)).closest('[role="row"]');
    await waitFor(() => expect(row).toHaveTextContent('Ditolak'));
  });
});
