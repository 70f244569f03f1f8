import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { GetDeliveryResponseSchema } from '../../gen/satudata/integration/v1/integration_service_pb';
import {
  Delivery_State,
  type DeliverySchema,
  Failure_Owner,
  Record_Change_Kind,
  Run_Kind,
} from '../../gen/satudata/integration/v1/resources_pb';
import { FakeServer } from '../../testing/fakeServer';
import { renderView } from '../../testing/renderView';
import PengirimanView from './PengirimanView';

const { CONFIRMED, REJECTED } = Delivery_State;

type Details = MessageInitShape<typeof GetDeliveryResponseSchema>;

function serverWith(delivery: MessageInitShape<typeof DeliverySchema>, details: Details = {}): FakeServer {
  const server = new FakeServer();
  server.runs.addDelivery({ deliveryId: 'd-1', runId: 'run-1', fileId: 'f-1', target: 'sipd', ...delivery });
  server.runs.details.set('d-1', create(GetDeliveryResponseSchema, details));
  return server;
}

async function renderDelivery(server: FakeServer, at = '/pengiriman/d-1') {
  const routes = (
    <Routes>
      <Route path="pengiriman/:deliveryId" element={<PengirimanView />} />
    </Routes>
  );
  return renderView(routes, { server, tracksRuns: false, at });
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a delivery', () => {
  it('that is gone is said to be, with a way back', async () => {
    await renderDelivery(new FakeServer(), '/pengiriman/d-9');
    expect(await screen.findByText('Pengiriman ini tidak ada')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Ke daftar proses' })).toHaveAttribute('href', '/proses');
  });

  it('says what it is of, where it stands, why, whose turn it is and which fields are meant', async () => {
    const failure = {
      reason: 'METADATA_MISSING',
      message: 'Metadata <script>alert(1)</script> kurang.',
      owner: Failure_Owner.DATA_STEWARD,
      fieldViolations: [{ field: 'metaData.produsen', description: 'harus diisi' }],
      httpCode: 422,
    };
    await renderDelivery(serverWith({ fileName: '<img src=x onerror=alert(1)>', state: REJECTED, failure }));
    expect(await screen.findByRole('heading', { name: '<img src=x onerror=alert(1)>' })).toBeInTheDocument();
    expect(screen.getByText('Metadata <script>alert(1)</script> kurang.')).toBeInTheDocument();
    expect(screen.getByText('Giliran: Walidata')).toBeInTheDocument();
    expect(screen.getByText('metaData.produsen: harus diisi')).toBeInTheDocument();
    expect(screen.getByText(/METADATA_MISSING · Jawaban sistem tujuan: HTTP 422/)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Proses yang mengirimnya' })).toHaveAttribute('href', '/proses/run-1');
    expect(screen.getByRole('link', { name: 'f-1' })).toHaveAttribute('href', '/berkas/f-1');
    expect(document.querySelector('img, script')).toBeNull();
  });

  it('of a preview says so, and nothing of having been sent', async () => {
    const server = serverWith({ state: Delivery_State.PARTIAL, recordCounts: [] });
    server.runs.begin(Run_Kind.PREVIEW);
    await renderDelivery(server);
    expect(await screen.findByText('Pratinjau: tidak ada yang dikirim')).toBeInTheDocument();
    expect(screen.getByText('Sebagian akan dikirim')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Seluruh pratinjau' })).toHaveAttribute('href', '/proses/run-1');
  });

  it('of a withdrawal, which has no file, names none', async () => {
    await renderDelivery(
      serverWith({ fileId: '', fileName: '1612.1.02.000318.2022', state: Delivery_State.CONFIRMED }),
    );
    expect(await screen.findByRole('heading', { name: '1612.1.02.000318.2022' })).toBeInTheDocument();
    expect(screen.queryByText('Nomor berkas')).not.toBeInTheDocument();
  });

  it('that was replaced leads to the newer one', async () => {
    const failure = { reason: 'SUPERSEDED', message: 'Digantikan.', arguments: { delivery_id: 'd/2' } };
    await renderDelivery(serverWith({ state: Delivery_State.CANCELLED, failure }));
    const link = await screen.findByRole('link', { name: /menggantikannya/ });
    expect(link).toHaveAttribute('href', '/pengiriman/d%2F2');
  });

  it('is looked at again while it may change, and not after', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const server = serverWith({ state: Delivery_State.ACCEPTED, fileName: 'Berkas' });
    await renderDelivery(server);
    await screen.findByText('Menunggu bukti');
    const [delivery] = server.runs.deliveries;
    if (!delivery) throw new Error('no delivery');
    server.runs.deliveries[0] = { ...delivery, state: CONFIRMED };
    await act(() => vi.advanceTimersByTimeAsync(6_000));
    expect(screen.getByText('Terbukti masuk')).toBeInTheDocument();
    const calls = server.countOf('GetDelivery');
    await act(() => vi.advanceTimersByTimeAsync(120_000));
    expect(server.countOf('GetDelivery')).toBe(calls);
  });
});

describe('its records', () => {
  const refused = {
    key: '3578.1.02.000013.2024',
    state: REJECTED,
    value: '12.50',
    failure: { reason: 'TARGET_VALUE_FINAL', message: 'Sudah final di SIPD.' },
    change: { kind: Record_Change_Kind.UPDATE, oldValue: '11', newValue: '12.50' },
    remoteId: 'R-77',
    attemptCount: 2,
  };

  it('say key, value, state, why, and the number at the target', async () => {
    await renderDelivery(serverWith({}, { records: [refused] }));
    const row = (await screen.findByText(refused.key)).closest('tr');
    expect(row).toHaveTextContent('12,50');
    expect(row).toHaveTextContent('berubah · sebelumnya 11');
    expect(row).toHaveTextContent('Ditolak');
    expect(row).toHaveTextContent('Sudah final di SIPD.');
    expect(row).toHaveTextContent('R-77');
  });

  it('are all there, of thousands only what is seen is drawn, and those left out are counted', async () => {
    const records = Array.from({ length: 5_000 }, (_, n) => ({ key: `k.${n}`, state: CONFIRMED, value: `${n}` }));
    await renderDelivery(serverWith({}, { records, omittedRecordCount: 1_234n }));
    const table = await screen.findByRole('table');
    expect(table).toHaveAttribute('aria-rowcount', '5001');
    expect(within(table).getAllByRole('row').length).toBeLessThan(60);
    expect(screen.getByText(/^1\.234 data lagi tidak didaftar/)).toBeInTheDocument();
  });

  it('can be narrowed to a state', async () => {
    const records = [refused, { key: 'k.good', state: CONFIRMED, value: '1' }];
    const recordCounts = [
      { state: REJECTED, count: 1n },
      { state: CONFIRMED, count: 1n },
    ];
    const { place } = await renderDelivery(serverWith({ recordCounts }, { records }));
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Ditolak (1)' }));
    expect(screen.queryByText('k.good')).not.toBeInTheDocument();
    expect(place()).toBe('/pengiriman/d-1?state=rejected');
  });
});

describe('its attempts', () => {
  const good = {
    attemptId: 'a-1',
    operation: 'push_dssd',
    startTime: timestampFromMs(Date.UTC(2026, 4, 4, 3)),
    durationMs: 1_234n,
    httpCode: 200,
    verdict: 'JUDGED',
    requestBody: '{"data":[{"nilai":1.10}]}',
    answerBody: '<html><b>bukan JSON</b></html>',
    recordCount: 50n,
  };
  const broken = { attemptId: 'a-2', operation: 'odd_call', verdict: 'OUTAGE', transportError: 'connection reset' };

  it('say in words what was done and what came of it, the newest first', async () => {
    await renderDelivery(serverWith({}, { attempts: [good, broken], omittedAttemptCount: 8n }));
    const [newest, oldest] = within(await screen.findByRole('region', { name: 'Percobaan' })).getAllByRole('listitem');
    expect(newest).toHaveTextContent('odd_call');
    expect(newest).toHaveTextContent('Sistem tujuan terganggu');
    expect(newest).toHaveTextContent('tidak ada jawaban');
    expect(newest).toHaveTextContent('connection reset');
    expect(oldest).toHaveTextContent('Mengirim nilai indikator');
    expect(oldest).toHaveTextContent('Dijawab dan dinilai');
    expect(oldest).toHaveTextContent('1.234 milidetik');
    expect(oldest).toHaveTextContent('200');
    expect(screen.getByText('8 percobaan yang lebih lama tidak didaftar.')).toBeInTheDocument();
  });

  it('show their bodies when asked to, as text, and copy them as they are kept', async () => {
    const user = userEvent.setup();
    await renderDelivery(serverWith({}, { attempts: [good] }));
    const button = await screen.findByRole('button', { name: 'Isi permintaan dan jawaban' });
    expect(screen.queryByText(/nilai": 1\.10/)).not.toBeInTheDocument();
    await user.click(button);
    expect(button).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByRole('region', { name: 'Permintaan (disamarkan)' }).textContent).toBe(
      '{\n  "data": [\n    {\n      "nilai": 1.10\n    }\n  ]\n}',
    );
    expect(screen.getByRole('region', { name: 'Jawaban (disamarkan)' })).toHaveTextContent(good.answerBody);
    await user.click(screen.getByRole('button', { name: /^Salin: Permintaan/ }));
    expect(await navigator.clipboard.readText()).toBe(good.requestBody);
  });

  it('are not all drawn at once', async () => {
    const attempts = Array.from({ length: 500 }, (_, n) => ({ ...good, attemptId: `a-${n}` }));
    await renderDelivery(serverWith({}, { attempts }));
    expect(await screen.findAllByText('push_dssd')).toHaveLength(20);
    await userEvent.click(screen.getByRole('button', { name: 'Tampilkan yang lebih lama (480 lagi)' }));
    await waitFor(() => expect(screen.getAllByText('push_dssd')).toHaveLength(40));
  });
});
