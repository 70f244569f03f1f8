import { Code } from '@connectrpc/connect';
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';

import { Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';
import { setLanguage } from '../../i18n/language';
import { refusal } from '../../testing/errors';
import { FakeServer } from '../../testing/fakeServer';
import { counts, FakeSummary, lastDates, sampleSummary } from '../../testing/fakeSummary';
import { renderView } from '../../testing/renderView';
import RingkasanView from './RingkasanView';

async function renderSummary(fields = sampleSummary(), at = '/ringkasan') {
  const server = new FakeServer();
  const summary = new FakeSummary(fields).install(server);
  return { ...(await renderView(<RingkasanView />, { server, at })), summary };
}

const panel = async (name: string) => within(await screen.findByRole('region', { name }));

describe('the summary', () => {
  it('says how many files there are and which share is proven, of what is due', async () => {
    await renderSummary();
    expect(await screen.findByText('1.840')).toBeVisible();
    expect(screen.getByText('Terbukti masuk di SIPD')).toBeVisible();
    expect(screen.getByText('82,5%')).toBeVisible();
    expect(screen.getByText('700 dari 848 berkas')).toBeVisible();
    expect(screen.getByText('590 berkas dilewati tidak dihitung')).toBeVisible();
  });

  it('asks for the days of whoever looks', async () => {
    const { summary } = await renderSummary();
    await screen.findByText('1.840');
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    expect(summary.requests[0]).toMatchObject({ dayCount: 30, timeZone });
  });

  it('speaks English as well', async () => {
    await setLanguage('en');
    try {
      await renderSummary();
      expect(await screen.findByText('1,840')).toBeVisible();
      expect(screen.getByText('700 of 848 files')).toBeVisible();
    } finally {
      await act(() => setLanguage('id'));
    }
  });

  it('without any file says where files come from', async () => {
    await renderSummary({});
    expect(await screen.findByText('Belum ada berkas')).toBeVisible();
  });

  it('of files that were never planned has no share and no chart', async () => {
    await renderSummary({ fileCount: 3n, verifiedFileCount: 1n, targetCounts: [counts('sipd', {})] });
    expect(await screen.findByText('belum ada yang harus masuk')).toBeVisible();
    expect(screen.getByText('Belum ada berkas yang direncanakan untuk dikirim.')).toBeVisible();
    expect(screen.getByText('SIPD: tidak ada kiriman dalam 30 hari ini.')).toBeVisible();
    expect(screen.getByText('Tidak ada yang menunggu siapa pun.')).toBeVisible();
    expect(screen.getByText('Belum ada nilai indikator yang direncanakan.')).toBeVisible();
  });

  it('that cannot be read says why and can be tried again', async () => {
    const server = new FakeServer();
    server.integration.getSummary = () => {
      throw refusal(Code.Internal, 'INTERNAL', 'Ada yang rusak.');
    };
    await renderView(<RingkasanView />, { server });
    expect(await screen.findByText('Ada yang rusak.')).toBeVisible();
    new FakeSummary(sampleSummary()).install(server);
    await userEvent.click(screen.getByRole('button', { name: 'Coba lagi' }));
    expect(await screen.findByText('1.840')).toBeVisible();
  });
});

describe('the period', () => {
  it('that is chosen goes into the address and to the server', async () => {
    const { summary, place } = await renderSummary();
    await userEvent.click(await screen.findByRole('radio', { name: '7 hari' }));
    expect(await screen.findByText(/SIPD: .* dalam 7 hari/)).toBeVisible();
    expect(place()).toBe('/ringkasan?days=7');
    expect(summary.requests.at(-1)?.dayCount).toBe(7);
  });

  it('in the address holds from the start', async () => {
    const { summary } = await renderSummary(sampleSummary(), '/ringkasan?days=90');
    expect(await screen.findByRole('radio', { name: '90 hari' })).toBeChecked();
    expect(summary.requests[0]?.dayCount).toBe(90);
  });
});

describe('a chart', () => {
  const [yesterday, today] = lastDates(2) as [string, string];

  it('has its figures in words, and as a table behind a button, days without a delivery too', async () => {
    const days = [{ date: yesterday, targetCounts: [counts('sipd', { CONFIRMED: 1_200, REJECTED: 34 })] }];
    await renderSummary({ fileCount: 9n, days }, '/ringkasan?days=7');
    const region = await panel('Dari hari ke hari');
    expect(region.getByText(/SIPD: 1.234 kiriman dalam 7 hari, 1.200 di antaranya terbukti masuk/)).toBeVisible();
    expect(region.queryByRole('table')).toBeNull();
    await userEvent.click(region.getByRole('button', { name: 'Tampilkan tabel: Dari hari ke hari' }));
    const rows = within(region.getByRole('table')).getAllByRole('row');
    expect(rows).toHaveLength(8);
    expect(rows[1]).toHaveAccessibleName(expect.stringContaining(String(Number(today.slice(8)))));
    expect(
      within(rows[1] ?? document.body)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['SIPD', '0', '0', '0']);
    expect(
      within(rows[2] ?? document.body)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    ).toEqual(['SIPD', '1.200', '34', '1.234']);
  });

  it('says with the arrow keys what a day is made of', async () => {
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 600, 240));
    const days = [
      { date: yesterday, targetCounts: [counts('sipd', { CONFIRMED: 1_200, REJECTED: 34 })] },
      { date: today, targetCounts: [counts('sipd', { CONFIRMED: 5 })] },
    ];
    await renderSummary({ fileCount: 9n, days }, '/ringkasan?days=7');
    const region = await panel('Dari hari ke hari');
    const chart = await region.findByRole('application', { name: /SIPD/ });
    const chosen = region.getByRole('status');
    expect(chosen).toBeEmptyDOMElement();
    act(() => chart.focus());
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}');
    expect(chosen).toHaveTextContent('1.234');
    await userEvent.keyboard('{ArrowRight}');
    expect(chosen).toHaveTextContent('Jumlah: 5');
    act(() => chart.blur());
    expect(chosen).toBeEmptyDOMElement();
  });

  it('of now says each state in words with its count', async () => {
    await renderSummary();
    const region = await panel('Keadaan sekarang');
    expect(region.getAllByText('Terbukti masuk')[0]?.parentElement).toHaveTextContent('612');
    expect(region.getByText('Berhenti dicoba').parentElement).toHaveTextContent('9');
  });

  it('by urusan shows HTML in a name as text', async () => {
    const uraian = '<img src=x onerror="alert(1)">';
    const urusans = [{ kode: '1.02', uraian, targetCounts: [counts('sipd', { CONFIRMED: 2 })] }];
    await renderSummary({ fileCount: 1n, urusans });
    const region = await panel('Per urusan');
    expect(region.getByText(/2 nilai dalam 1 urusan/)).toHaveTextContent(uraian);
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });
});

describe('whose turn it is', () => {
  it('leads to what waits, the largest first, with the three largest reasons', async () => {
    const turn = (reason: string, count: bigint) => ({
      owner: Failure_Owner.DATA_STEWARD,
      reason,
      target: 'sipd',
      count,
      message: '',
    });
    const turns = [
      { owner: Failure_Owner.OPERATOR, reason: 'X', target: 'splp', count: 2n, message: 'Kunci ditolak.' },
      ...[turn('R1', 10n), turn('R2', 20n), turn('R3', 30n), turn('R4', 5n)],
    ];
    await renderSummary({ fileCount: 1n, turns });
    const region = await panel('Giliran siapa');
    const links = region.getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      '/giliran?owner=data-steward',
      '/giliran?owner=operator',
    ]);
    expect(region.getByText('65 kiriman')).toBeVisible();
    expect(region.getByText(/SIPD: R3/)).toBeVisible();
    expect(region.queryByText(/SIPD: R4/)).toBeNull();
    expect(region.getByText('dan 1 alasan lain')).toBeVisible();
    expect(region.getByText(/SPLP: Kunci ditolak/)).toBeVisible();
  });
});
