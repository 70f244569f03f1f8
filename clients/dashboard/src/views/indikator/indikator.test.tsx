import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { IndicatorYearSchema } from '../../gen/satudata/integration/v1/target_service_pb';
import { refusal } from '../../testing/errors';
import { FakeIndicators } from '../../testing/fakeIndicators';
import { FakeServer } from '../../testing/fakeServer';
import { FakeSummary, sampleSummary } from '../../testing/fakeSummary';
import { renderView } from '../../testing/renderView';
import { compareYear } from './comparison';
import { urusanCode } from './filters';
import IndikatorView from './IndikatorView';

// Without a height of its own each row would be in sight.
beforeEach(() => void vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(80));

async function renderList({ indicators = new FakeIndicators(), at = '/indikator' } = {}) {
  const server = new FakeServer();
  indicators.install(server);
  new FakeSummary(sampleSummary()).install(server);
  const rendered = await renderView(<IndikatorView />, { server, at });
  return { ...rendered, indicators };
}

/** A list of one indicator, which has these years. */
function withYears(...years: object[]): FakeIndicators {
  const indicators = new FakeIndicators(1);
  Object.assign(indicators.indicators[0] ?? {}, { years: years.map((year) => create(IndicatorYearSchema, year)) });
  return indicators;
}

const rowOf = async (code: string) =>
  within((await screen.findByText(code)).closest<HTMLElement>('[role="row"]') ?? document.body);

describe('the list of indicators', () => {
  it('is that of the target which has one, and says how long it is and when it was read', async () => {
    const { indicators } = await renderList();
    expect(await screen.findByText('12 indikator')).toBeVisible();
    expect(screen.getByText('5 menit yang lalu')).toBeInTheDocument();
    expect(indicators.requests[0]).toMatchObject({ target: 'sipd', skip: 0n, text: '', urusan: '' });
    const row = await rowOf('1.02.000001');
    expect(row.getByText('Orang')).toBeVisible();
    expect(row.getByText('1.02 - KESEHATAN')).toBeVisible();
    expect(row.getByText('Aktif')).toBeVisible();
    expect((await rowOf('1.01.000006')).getByText('Nonaktif')).toBeVisible();
  });

  it('loads only what is in sight', async () => {
    const { indicators } = await renderList({ indicators: new FakeIndicators(4_900) });
    expect(await screen.findByText('4.900 indikator')).toBeVisible();
    expect(screen.getByRole('table')).toHaveAttribute('aria-rowcount', '4901');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
    expect(indicators.requests).toHaveLength(1);
  });

  it('shows HTML in a name as text', async () => {
    const indicators = new FakeIndicators(1);
    const name = '<img src=x onerror="alert(1)">';
    Object.assign(indicators.indicators[0] ?? {}, { uraianIndikator: name });
    await renderList({ indicators });
    expect(await screen.findByText(name)).toBeVisible();
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });
});

describe('a year of an indicator', () => {
  it.each([
    ['Sama', { value: '1200.50', targetValue: '1200.5' }],
    ['Berbeda', { value: '1200.5', targetValue: '1200.05' }],
    ['Hanya di kita', { value: '0', targetValue: '' }],
    ['Hanya di SIPD', { value: '', targetValue: '7' }],
  ])('is called %s', async (word, year) => {
    await renderList({ indicators: withYears({ tahun: '2024', ...year }) });
    expect(await screen.findByText(word)).toBeVisible();
  });

  it('shows both values to the last digit, and ours leads to its file', async () => {
    const year = { tahun: '2024', value: '12345.670', targetValue: '12345.67', fileId: 'file-7' };
    await renderList({ indicators: withYears(year) });
    const link = await screen.findByRole('link', { name: /12\.345,670 untuk tahun 2024/ });
    expect(link).toHaveAttribute('href', '/berkas/file-7');
    expect(screen.getByText('12.345,67')).toBeVisible();
  });

  it('beyond the newest two is shown when asked for', async () => {
    const years = ['2025', '2024', '2023'].map((tahun) => ({ tahun, value: '1' }));
    await renderList({ indicators: withYears(...years) });
    expect(await screen.findByText('2024')).toBeVisible();
    expect(screen.queryByText('2023')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /1 tahun lain dari 1.01.000000/ }));
    expect(screen.getByText('2023')).toBeVisible();
  });

  it.each([
    ['same', '-0', '0.00'],
    ['same', '100', '100.0'],
    ['differs', '100', '1'],
    ['neither', '', ''],
  ])('is %s for %s and %s', (comparison, value, targetValue) =>
    expect(compareYear({ value, targetValue })).toBe(comparison),
  );
});

describe('a filter', () => {
  it('that is typed goes into the address and to the server, once typing pauses', async () => {
    const { indicators, place } = await renderList();
    await screen.findByText('12 indikator');
    const field = screen.getByLabelText('Kode atau nama');
    fireEvent.change(field, { target: { value: 'KECAMATAN' } });
    fireEvent.change(field, { target: { value: 'KECAMATAN 3' } });
    expect(await screen.findByText('1 indikator')).toBeVisible();
    expect(place()).toBe('/indikator?text=KECAMATAN+3');
    expect(indicators.requests.map(({ text }) => text)).toEqual(['', 'KECAMATAN 3']);
  });

  it('in the address holds from the start, and can be cleared', async () => {
    const { indicators, place } = await renderList({ at: '/indikator?text=tidak+ada&urusan=1.02' });
    expect(await screen.findByText('Tidak ada indikator yang cocok')).toBeVisible();
    expect(indicators.requests[0]).toMatchObject({ text: 'tidak ada', urusan: '1.02' });
    expect(await screen.findByDisplayValue('1.02 - KESEHATAN')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Kosongkan saringan' }));
    expect(await screen.findByText('12 indikator')).toBeVisible();
    expect(place()).toBe('/indikator');
    expect(screen.getByLabelText('Kode atau nama')).toHaveValue('');
  });

  it('by urusan takes a code as typed, also one that we hold nothing of', async () => {
    const { place } = await renderList();
    fireEvent.change(await screen.findByRole('textbox', { name: 'Urusan' }), { target: { value: '2.11' } });
    expect(await screen.findByText('4 indikator')).toBeVisible();
    expect(place()).toBe('/indikator?urusan=2.11');
  });

  it.each([
    ['1.02', '1.02'],
    [' 1.02 - KESEHATAN', '1.02'],
    ['', ''],
    ['kesehatan', undefined],
    ['1.02abc', undefined],
  ])('by urusan reads %j as %j', (words, code) => expect(urusanCode(words)).toBe(code));
});

describe('without a list', () => {
  it('of a target that has none, the page says so', async () => {
    await renderList({ at: '/indikator?target=splp' });
    expect(await screen.findByText('SPLP tidak memiliki daftar indikator')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Coba lagi' })).toBeNull();
  });

  it.each([
    [Code.FailedPrecondition, 'KODEPEMDA_MISSING', 'Kode pemda belum diketahui. Operator mengisi SIPD_KODEPEMDA.'],
    [Code.Unavailable, 'TARGET_OUTAGE', 'Sistem tujuan sedang tidak dapat melayani.'],
  ])(
    'cause and cure are shown, and another try: %s %s',
    async (code, reason, message) => {
      const { server } = await renderList({ at: '/indikator?text=x' });
      server.targets.listReferenceIndicators = () => {
        throw refusal(code, reason, message);
      };
      fireEvent.change(await screen.findByLabelText('Kode atau nama'), { target: { value: 'y' } });
      expect(await screen.findByText(message, undefined, { timeout: 6_000 })).toBeVisible();
      new FakeIndicators().install(server);
      await userEvent.click(screen.getByRole('button', { name: 'Coba lagi' }));
      await waitFor(() => expect(screen.queryByText(message)).toBeNull());
    },
    10_000,
  );
});
