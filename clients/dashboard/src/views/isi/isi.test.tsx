import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { beforeEach, describe, expect, it } from 'vitest';

import { IndicatorValueSchema } from '../../gen/satudata/integration/v1/resources_pb';
import { setLanguage } from '../../i18n/language';
import { refusal } from '../../testing/errors';
import { sampleValue } from '../../testing/fakeCatalog';
import { FakeServer } from '../../testing/fakeServer';
import { renderView } from '../../testing/renderView';
import IsiView from './IsiView';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});

const open = (at = '/berkas/file-000001') =>
  renderView(
    <Routes>
      <Route path="berkas/:fileId" element={<IsiView />} />
    </Routes>,
    { server, at, role: 'Viewer', tracksRuns: false },
  );

const rows = async () => within(await screen.findByRole('table')).getAllByRole('row');
const cellsOf = (row: HTMLElement | undefined) =>
  within(row ?? document.body)
    .getAllByRole('cell')
    .map(({ textContent }) => textContent);

describe('a file', () => {
  it('says what it is, and shows each value as written and as read, with its place', async () => {
    await open();
    expect(await screen.findByRole('heading', { name: 'Jumlah Penduduk menurut Kecamatan 1' })).toBeVisible();
    expect(screen.getByText('penduduk-1.csv')).toBeVisible();
    const [, first, second] = await rows();
    expect(first).toHaveAccessibleName(expect.stringContaining('1.02.000318'));
    expect(cellsOf(second)).toEqual(['2021', '37,5', '37,5', 'baris 3, kolom nilai', '']);
  });

  it('says what is wrong with a value, how to mend it and whose turn it is, and how many there are', async () => {
    await open();
    const wrong = (await rows())[4];
    expect(wrong).toHaveTextContent('Produsen data menuliskannya tanpa tanda ribuan.');
    expect(wrong).toHaveTextContent('Giliran: Produsen data');
    expect(cellsOf(wrong).slice(1, 3)).toEqual(['1.234', '']);
    expect(screen.getByText('8 nilai, 2 bermasalah.')).toBeVisible();
  });

  it('is read page by page, and counts only what is seen', async () => {
    server.files.values = Array.from({ length: 130 }, (_, index) => sampleValue(index));
    await open();
    expect(await screen.findByText('Di halaman ini: 100 nilai, 25 bermasalah.')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Berikutnya' }));
    expect(await screen.findByText('Di halaman ini: 30 nilai, 7 bermasalah.')).toBeVisible();
    expect(await rows()).toHaveLength(31);
  });

  it('says what is empty, whose region it is and where it was entered; HTML in it is text', async () => {
    const rawValue = '<img src=x onerror=alert(1)>';
    server.files.values = [create(IndicatorValueSchema, { position: 1n, kodepemda: '1612', tahun: ' ', rawValue })];
    await open();
    const row = (await rows())[1];
    expect(within(row ?? document.body).getByRole('rowheader')).toHaveTextContent('(kosong)Kode pemda 1612');
    expect(cellsOf(row)).toEqual(['(kosong)', rawValue, '', 'isian portal', '']);
    expect(document.querySelector('img')).toBeNull();
  });

  it('speaks English as well', async () => {
    await setLanguage('en');
    try {
      await open();
      expect(cellsOf((await rows())[2])).toEqual(['2021', '37,5', '37.5', 'line 3, column nilai', '']);
      expect(screen.getByText('8 values, 2 wrong.')).toBeVisible();
    } finally {
      await act(() => setLanguage('id'));
    }
  });

  it('without values says what becomes of it', async () => {
    server.files.values = [];
    await open();
    expect(await screen.findByText('Tidak ada nilai indikator di berkas ini')).toBeVisible();
  });

  it('that is gone is said to be, with a way back', async () => {
    await open('/berkas/file-9');
    expect(await screen.findByText('Berkas ini tidak ada di katalog')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Daftar berkas' })).toHaveAttribute('href', '/');
  });

  it('whose values cannot be read says why and can be tried again', async () => {
    const { listIndicatorValues } = server.catalog;
    server.catalog.listIndicatorValues = () => {
      throw refusal(Code.Internal, 'INTERNAL', 'Ada yang rusak.');
    };
    await open();
    expect(await screen.findByText('Ada yang rusak.')).toBeVisible();
    if (listIndicatorValues) server.catalog.listIndicatorValues = listIndicatorValues;
    await userEvent.click(screen.getByRole('button', { name: 'Coba lagi' }));
    expect(await rows()).toHaveLength(9);
  });
});
