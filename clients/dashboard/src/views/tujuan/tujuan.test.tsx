import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';

import {
  Failure_Owner,
  FailureSchema,
  type Target,
  Target_Circuit,
  TargetSchema,
} from '../../gen/satudata/integration/v1/resources_pb';
import { refusal } from '../../testing/errors';
import { FakeServer } from '../../testing/fakeServer';
import { renderView } from '../../testing/renderView';
import { flowOf } from './flow';
import TujuanView from './TujuanView';

const card = (name: string) => screen.findByRole('region', { name });
const inCard = async (name: string) => within(await card(name));

/** Lets the fake server pause and resume as ours does. */
function pausable(): { server: FakeServer; comments: string[] } {
  const server = new FakeServer();
  const comments: string[] = [];
  const change = (name: string, fields: Partial<Target>) => {
    const target = server.targetList.targets.find((candidate) => candidate.target === name);
    return Object.assign(target ?? create(TargetSchema), fields);
  };
  server.targets.pauseTarget = ({ target, comment }) => {
    comments.push(comment);
    const wait = { reason: 'TARGET_PAUSED', message: `Dijeda (${comment}).`, owner: Failure_Owner.OPERATOR };
    return change(target, { paused: true, wait: create(FailureSchema, wait) });
  };
  server.targets.resumeTarget = ({ target }) => {
    const resumed = change(target, { paused: false });
    delete resumed.wait;
    return resumed;
  };
  return { server, comments };
}

describe('a target', () => {
  it('says what it is and how much it takes, with the circuit in plain words', async () => {
    await renderView(<TujuanView />);
    const splp = await inCard('SPLP');
    expect(splp.getByText('Mengalir')).toBeVisible();
    expect(splp.getByText('Tertutup, artinya mengalir')).toBeVisible();
    expect(splp.getByText(/dataset-rest/)).toBeVisible();
    expect(splp.getByText('splp.example:443')).toBeVisible();
    expect(splp.getByText('dari paling banyak 8 sekaligus')).toBeVisible();
    expect(splp.getByText('permintaan per detik')).toBeVisible();
    expect((await inCard('SIPD')).getByText('tidak diatur dan belum diketahui')).toBeVisible();
  });

  it('says why nothing is sent, whose turn it is and until when', async () => {
    const server = new FakeServer();
    const until = new Date(2031, 0, 2, 14, 30);
    Object.assign(server.targetList.targets[0] ?? {}, {
      circuit: Target_Circuit.OPEN,
      wait: create(FailureSchema, { message: 'Sistem tujuan tidak melayani.', owner: Failure_Owner.TARGET }),
      waitEndTime: timestampFromMs(until.getTime()),
    });
    await renderView(<TujuanView />, { server });
    const sipd = await inCard('SIPD');
    expect(sipd.getByText('Terhenti sementara')).toBeVisible();
    expect(sipd.getByText('Terbuka, artinya terhenti')).toBeVisible();
    expect(sipd.getByText('Sistem tujuan tidak melayani.')).toBeVisible();
    expect(sipd.getByText('Giliran: Sistem tujuan')).toBeVisible();
    expect(sipd.getByText(/Sampai 2 Jan 2031/)).toHaveTextContent('14.30');
  });

  it('that cannot be loaded is an error with another try, and none at all says what to set', async () => {
    const server = new FakeServer();
    server.targets.listTargets = () => {
      throw refusal(Code.Internal, 'INTERNAL', 'Ada yang rusak.');
    };
    await renderView(<TujuanView />, { server });
    expect(await screen.findByText('Ada yang rusak.')).toBeVisible();
    server.targets.listTargets = () => ({ targets: [] });
    await userEvent.click(screen.getByRole('button', { name: 'Coba lagi' }));
    expect(await screen.findByText('Belum ada sistem tujuan')).toBeVisible();
  });

  it('with HTML in what the server says shows it as text', async () => {
    const server = new FakeServer();
    const message = '<img src=x onerror="alert(1)">';
    Object.assign(server.targetList.targets[0] ?? {}, { paused: true, wait: create(FailureSchema, { message }) });
    await renderView(<TujuanView />, { server });
    expect((await inCard('SIPD')).getByText(message)).toBeVisible();
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });
});

describe('pausing', () => {
  it('needs a reason, and blanks are none', async () => {
    const { server } = pausable();
    await renderView(<TujuanView />, { server });
    await userEvent.click(await screen.findByRole('button', { name: 'Jeda SIPD' }));
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByLabelText(/Alasan/), '   ');
    await userEvent.click(dialog.getByRole('button', { name: 'Jeda' }));
    expect(dialog.getByText(/Tulis alasannya/)).toBeVisible();
    expect(server.countOf('PauseTarget')).toBe(0);
  });

  it('shows the reason at once, keeps the focus, and can be ended', async () => {
    const { server, comments } = pausable();
    await renderView(<TujuanView />, { server });
    await userEvent.click(await screen.findByRole('button', { name: 'Jeda SIPD' }));
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByLabelText(/Alasan/), ' Pemeliharaan SIPD ');
    await userEvent.click(dialog.getByRole('button', { name: 'Jeda' }));
    const sipd = await inCard('SIPD');
    expect(await sipd.findByText('Dijeda (Pemeliharaan SIPD).')).toBeVisible();
    expect(sipd.getByText('Sampai dilanjutkan oleh Operator.')).toBeVisible();
    expect(comments).toEqual(['Pemeliharaan SIPD']);
    const resume = sipd.getByRole('button', { name: 'Lanjutkan SIPD' });
    await waitFor(() => expect(resume).toHaveFocus());
    await userEvent.click(resume);
    expect(await sipd.findByText('Mengalir')).toBeVisible();
  });

  it('that the server refuses says why and keeps what was written', async () => {
    const { server } = pausable();
    server.targets.pauseTarget = () => {
      throw refusal(Code.InvalidArgument, 'FIELD_INVALID', 'Alasan terlalu panjang.');
    };
    await renderView(<TujuanView />, { server });
    await userEvent.click(await screen.findByRole('button', { name: 'Jeda SIPD' }));
    const dialog = within(await screen.findByRole('dialog'));
    await userEvent.type(dialog.getByLabelText(/Alasan/), 'panjang sekali');
    await userEvent.click(dialog.getByRole('button', { name: 'Jeda' }));
    expect(await dialog.findByText('Alasan terlalu panjang.')).toBeVisible();
    expect(dialog.getByLabelText(/Alasan/)).toHaveValue('panjang sekali');
  });

  it('is offered only to those who may', async () => {
    await renderView(<TujuanView />, { role: 'Validator' });
    await card('SIPD');
    expect(screen.queryByRole('button', { name: /Jeda|Periksa|Lanjutkan/ })).toBeNull();
    expect(screen.getByText(/dilakukan oleh Operator atau Admin/)).toBeVisible();
  });
});

describe('a check', () => {
  it('is busy, then says how fast the target answered', async () => {
    const server = new FakeServer();
    let answer: (value: object) => void = () => undefined;
    server.targets.checkTarget = () => new Promise((resolve) => (answer = resolve));
    await renderView(<TujuanView />, { server });
    const sipd = await inCard('SIPD');
    await userEvent.click(sipd.getByRole('button', { name: 'Periksa SIPD' }));
    expect(await sipd.findByText(/Memeriksa SIPD/)).toBeVisible();
    answer({ healthy: true, latencyMs: 1_440n, httpCode: 200 });
    expect(await sipd.findByText(/Siap: alamat/)).toBeVisible();
    expect(sipd.getByText(/Dijawab dalam 1,4 detik · HTTP 200/)).toBeVisible();
  });

  it('says what to fix and whose turn it is', async () => {
    const server = new FakeServer();
    const message = 'Kunci akses tidak diterima. Operator memasang kunci yang berlaku.';
    const failure = { reason: 'CREDENTIALS_REFUSED', message, owner: Failure_Owner.OPERATOR, httpCode: 401 };
    server.targets.checkTarget = () => ({ healthy: false, failure, latencyMs: 80n, httpCode: 401 });
    await renderView(<TujuanView />, { server });
    const splp = await inCard('SPLP');
    await userEvent.click(splp.getByRole('button', { name: 'Periksa SPLP' }));
    expect(await splp.findByText(message)).toBeVisible();
    expect(splp.getByText('Giliran: Pengelola layanan')).toBeVisible();
    expect(splp.getByText(/Dijawab dalam 80 milidetik/)).toBeVisible();
    expect(splp.queryByText(/Siap:/)).toBeNull();
  });

  it('without an answer does not call the time it took a latency', async () => {
    const server = new FakeServer();
    server.targets.checkTarget = () => ({ healthy: false, latencyMs: 10_000n, httpCode: 0 });
    await renderView(<TujuanView />, { server });
    const splp = await inCard('SPLP');
    await userEvent.click(splp.getByRole('button', { name: 'Periksa SPLP' }));
    expect(await splp.findByText(/Pemeriksaan memakan 10 detik · tanpa jawaban/)).toBeVisible();
    expect(splp.getByText(/tidak menyebut sebabnya/)).toBeVisible();
  });
});

describe('the one word for a target', () => {
  const wait = create(FailureSchema, { reason: 'THROTTLED' });
  it.each([
    ['paused', { paused: true, circuit: Target_Circuit.OPEN, wait }],
    ['open', { paused: false, circuit: Target_Circuit.OPEN, wait }],
    ['waiting', { paused: false, circuit: Target_Circuit.CLOSED, wait }],
    ['halfOpen', { paused: false, circuit: Target_Circuit.HALF_OPEN }],
    ['flowing', { paused: false, circuit: Target_Circuit.CLOSED }],
    ['unknown', { paused: false, circuit: Target_Circuit.UNSPECIFIED }],
  ])('is %s', (word, target) => expect(flowOf(target).word).toBe(word));
});
