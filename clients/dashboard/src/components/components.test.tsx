import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';

import { Delivery_State, Failure_Owner, FailureSchema, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import { commonId } from '../i18n/common.id';
import { refusal } from '../testing/errors';
import { renderView } from '../testing/renderView';
import { CallError } from './CallError';
import { FailureText } from './FailureText';
import { deliveryLook, runLook } from './states';
import { DeliveryStateBadge, RunStateBadge } from './StateBadge';
import { TimeAgo } from './TimeAgo';

const isState = (value: unknown): value is Delivery_State & Run_State => typeof value === 'number';
const UNKNOWN_STATE: unknown = 99;

describe('a state', () => {
  it('has a word and an icon of its own for each state that the API has', () => {
    const deliveryWords = Object.values(Delivery_State)
      .filter(isState)
      .map((state) => deliveryLook(state).word);
    const runWords = Object.values(Run_State)
      .filter(isState)
      .map((state) => runLook(state).word);
    expect(new Set(deliveryWords).size).toBe(Object.keys(commonId.deliveryState).length);
    expect(new Set(runWords).size).toBe(Object.keys(commonId.runState).length);
  });

  it('that a newer server adds does not break the page', async () => {
    await renderView(
      <>
        <DeliveryStateBadge state={UNKNOWN_STATE as Delivery_State} />
        <RunStateBadge state={UNKNOWN_STATE as Run_State} />
      </>,
    );
    expect(screen.getByText(commonId.deliveryState.unspecified)).toBeVisible();
    expect(screen.getByText(commonId.runState.unspecified)).toBeVisible();
  });
});

describe('a failure', () => {
  it('says cause and cure, whose turn it is, and which field', async () => {
    const failure = create(FailureSchema, {
      reason: 'METADATA_MISSING',
      message: 'Sistem tujuan memerlukan produsen. Lengkapi di portal.',
      owner: Failure_Owner.PRODUCER,
      fieldViolations: [{ field: 'metaData.produsen', description: 'kosong' }],
    });
    await renderView(<FailureText failure={failure} withCodes />);
    expect(screen.getByText(/Lengkapi di portal/)).toBeVisible();
    expect(screen.getByText('Giliran: Produsen data')).toBeVisible();
    expect(screen.getByText(/metaData.produsen/)).toBeVisible();
    expect(screen.getByText(/METADATA_MISSING/)).toBeVisible();
  });

  it('that has HTML in it is shown as text', async () => {
    const message = '<img src=x onerror="alert(1)">';
    await renderView(<FailureText failure={create(FailureSchema, { message })} />);
    expect(screen.getByText(message)).toBeVisible();
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });

  it('of a call links the run that is in the way', async () => {
    const error = refusal(Code.Aborted, 'RUN_ACTIVE', 'Proses r-7 ke sipd masih berjalan.', {
      arguments: { run_id: 'r-7' },
    });
    await renderView(<CallError error={error} />);
    expect(screen.getByText(/masih berjalan/)).toBeVisible();
    expect(screen.getByRole('link')).toHaveAttribute('href', '/proses/r-7');
  });

  it('without words of the server is explained all the same', async () => {
    await renderView(<CallError error={new Error('boom')} />);
    expect(screen.getByText(/kesalahan yang tidak dikenal/)).toBeVisible();
  });
});

describe('a time', () => {
  it('is told as how long ago, and in full to screen readers and in the tooltip', async () => {
    const date = new Date(Date.now() - 5 * 60_000);
    await renderView(<TimeAgo date={date} />);
    expect(screen.getByText('5 menit yang lalu')).toHaveAttribute('aria-hidden', 'true');
    expect(document.querySelector('time')).toHaveAttribute(
      'title',
      expect.stringContaining(String(date.getFullYear())),
    );
  });

  it('that is not set is nothing', async () => {
    await renderView(<TimeAgo date={undefined} />);
    expect(document.querySelector('time')).toBeNull();
  });
});
