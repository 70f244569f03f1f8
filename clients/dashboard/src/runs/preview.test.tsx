import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';

import {
  Delivery_State,
  FailureSchema,
  RecordSchema,
  Run_Kind,
  Run_State,
  TargetForecastSchema,
} from '../gen/satudata/integration/v1/resources_pb';
import { refusal } from '../testing/errors';
import { FakeServer } from '../testing/fakeServer';
import { renderView } from '../testing/renderView';
import { endPreview } from '../testing/samplePreview';
import { SyncAllDialog } from './SyncAllDialog';
import { SyncFileDialog } from './SyncFileDialog';

let server: FakeServer;

beforeEach(() => {
  server = new FakeServer();
});

const forecast = (requestCount: bigint, durationMs: bigint) =>
  create(TargetForecastSchema, { target: 'sipd', requestCount, durationMs });
const nobody = () => undefined;
const openFileDialog = () =>
  renderView(<SyncFileDialog file={server.files.find('file-000000')} runId={undefined} onClose={nobody} />, { server });

const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }));

async function askPreview() {
  await screen.findByRole('checkbox', { name: 'SIPD' });
  await press('Pratinjau');
  await screen.findByText(/Tidak ada yang dikirim…/);
  return server.runs.latest();
}

describe('a preview of one file', () => {
  it('says per target what is new, changes, stays and is refused and why, and what that takes', async () => {
    await openFileDialog();
    const run = await askPreview();
    expect(run.run.kind).toBe(Run_Kind.PREVIEW);
    endPreview(server, run);
    const sipd = within(await screen.findByRole('region', { name: 'SIPD' }));
    expect(await sipd.findByText('1 data baru · 1 berubah · 1 sudah sama · 1 akan ditolak')).toBeVisible();
    expect(sipd.getByText('2 permintaan, sekitar 1 menit 5 detik')).toBeVisible();
    expect(sipd.getByRole('list', { name: 'Yang berubah' })).toHaveTextContent('1612.1.02.000318.2022 1.200 → 1.234,5');
    const refused = sipd.getByRole('list', { name: 'Yang akan ditolak' });
    expect(refused).toHaveTextContent(/1612.1.02.000318.2024.*Tahun "20x4".*Giliran: Produsen data/);
    expect(within(screen.getByRole('region', { name: 'SPLP' })).getByText('1 sudah sama')).toBeVisible();
  });

  it('says each refusal where the reasons differ, and says it once where they do not', async () => {
    await openFileDialog();
    const { run } = await askPreview();
    endPreview(server, server.runs.latest());
    const failure = create(FailureSchema, { reason: 'TARGET_VALUE_FINAL', message: 'Sudah final.' });
    const refused = create(RecordSchema, { key: 'yang-final', state: Delivery_State.REJECTED, failure });
    server.runs.details.get(`${run.runId}-sipd`)?.records.push(refused);
    Object.assign(server.runs.deliveries[0] ?? {}, { failure });
    const sipd = within(await screen.findByRole('region', { name: 'SIPD' }));
    expect(await sipd.findByRole('list', { name: 'Yang akan ditolak' })).toHaveTextContent(/20x4.*yang-final.*final/);
    expect(sipd.getAllByText('Sudah final.')).toHaveLength(1);
  });

  it('never says that something takes no time', async () => {
    await openFileDialog();
    const run = await askPreview();
    run.end(Run_State.SUCCEEDED, { forecasts: [forecast(1n, 0n)] });
    expect(await screen.findByText('1 permintaan, sekitar 1 detik')).toBeVisible();
  });

  it('has the requests letter by letter, folded away', async () => {
    await openFileDialog();
    endPreview(server, await askPreview());
    const unfold = await screen.findByRole('button', { name: 'Isi permintaan (1)' });
    expect(screen.queryByText(/"nilai"/)).toBeNull();
    await userEvent.click(unfold);
    expect(screen.getByText(/"nilai": "1234.5"/)).toBeVisible();
  });

  it('is gone as soon as something else would be sent', async () => {
    await openFileDialog();
    endPreview(server, await askPreview());
    await screen.findByRole('region', { name: 'SIPD' });
    await userEvent.click(screen.getByRole('checkbox', { name: 'SPLP' }));
    expect(screen.queryByRole('region', { name: 'SIPD' })).toBeNull();
  });

  it('sends nothing; what is started afterwards is a run of its own', async () => {
    await openFileDialog();
    endPreview(server, await askPreview());
    await press('Mulai sinkron');
    await waitFor(() =>
      expect(server.runs.all.map(({ run }) => run.kind)).toEqual([Run_Kind.PREVIEW, Run_Kind.SYNC_FILE]),
    );
  });

  it('that cannot be made says why', async () => {
    server.integration.syncFile = () => {
      throw refusal(Code.FailedPrecondition, 'METHOD_UNAVAILABLE', 'Pratinjau belum tersedia.');
    };
    await openFileDialog();
    await screen.findByRole('checkbox', { name: 'SIPD' });
    await press('Pratinjau');
    expect(await screen.findByRole('alert')).toHaveTextContent('Pratinjau belum tersedia.');
  });
});

describe('a preview of many files', () => {
  const openDialog = () => renderView(<SyncAllDialog opened onClose={nobody} />, { server });

  it('says per target how many files are sent, stay and are refused', async () => {
    await openDialog();
    endPreview(server, await askPreview());
    const sipd = within(await screen.findByRole('region', { name: 'SIPD' }));
    expect(sipd.getByText('1.200 berkas akan dikirim · 3 akan ditolak')).toBeVisible();
    const splp = within(screen.getByRole('region', { name: 'SPLP' }));
    expect(splp.getByText('1.203 sudah sama')).toBeVisible();
    expect(splp.getByText('0 permintaan')).toBeVisible();
    expect(screen.getByRole('link', { name: 'Rincian pratinjau' })).toHaveAttribute('href', '/proses/run-1');
  });

  it('says what would stop the run', async () => {
    await openDialog();
    const run = await askPreview();
    const failure = create(FailureSchema, { reason: 'MASS_CHANGE', message: 'Terlalu banyak yang berubah.' });
    run.end(Run_State.FAILED, { failure });
    expect(await screen.findByText(failure.message)).toBeVisible();
    expect(screen.getAllByText('Tidak ada yang perlu dikirim.')).toHaveLength(2);
  });
});
