import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';

import { urusanShort } from '../../components/urusan';
import { GetSummaryResponseSchema } from '../../gen/satudata/integration/v1/integration_service_pb';
import { Delivery_State, Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';
import { counts } from '../../testing/fakeSummary';
import {
  countsAt,
  dayRows,
  periodOf,
  roundedDown,
  shareHeld,
  statesIn,
  targetsIn,
  turnsByOwner,
  urusanRows,
} from './figures';
import { readPeriod, writePeriod } from './period';

const summary = (fields: MessageInitShape<typeof GetSummaryResponseSchema>) => create(GetSummaryResponseSchema, fields);
const sipd = (states: Parameters<typeof counts>[1]) =>
  countsAt('sipd', summary({ targetCounts: [counts('sipd', states)] }).targetCounts);

describe('the share that is proven to be there', () => {
  it('counts what was sent and what was there before, of all that is due', () => {
    const share = shareHeld(sipd({ CONFIRMED: 60, UNCHANGED: 15, REJECTED: 20, PARTIAL: 5, SKIPPED: 900 }));
    expect(share).toEqual({ held: 75, due: 100, skipped: 900, share: 0.75 });
  });

  it('is not known while nothing is due', () => {
    expect(shareHeld(sipd({})).share).toBeUndefined();
    expect(shareHeld(sipd({ SKIPPED: 3 })).share).toBeUndefined();
  });

  it('never calls nearly all all', () => {
    expect(shareHeld(sipd({ CONFIRMED: 99_999, REJECTED: 1 })).share).toBe(0.999);
    expect(shareHeld(sipd({ CONFIRMED: 99_999 })).share).toBe(1);
    expect(roundedDown(0.29)).toBe(0.29); // 0.29 * 1000 is a little under 290
  });

  it('does not count what was accepted without proof', () => {
    expect(shareHeld(sipd({ ACCEPTED: 10 }))).toMatchObject({ held: 0, due: 10, share: 0 });
  });
});

describe('days', () => {
  const { days } = summary({
    days: [
      {
        date: '2026-01-30',
        targetCounts: [counts('sipd', { CONFIRMED: 4, REJECTED: 1 }), counts('splp', { CONFIRMED: 9 })],
      },
      { date: '2026-01-31' },
      { date: '2026-02-01', targetCounts: [counts('sipd', { UNCHANGED: 5 })] },
    ],
  });

  it('without a delivery have a row as well', () => {
    expect(dayRows(days, 'sipd').map(({ date, total }) => [date, total])).toEqual([
      ['2026-01-30', 5],
      ['2026-01-31', 0],
      ['2026-02-01', 5],
    ]);
  });

  it('add up, and the first of the busiest is named', () => {
    const { total, held, busiest } = periodOf(dayRows(days, 'sipd'));
    expect([total, held, busiest?.date]).toEqual([10, 9, '2026-01-30']);
  });

  it('of which none brought anything have no busiest', () => {
    expect(periodOf(dayRows(days, 'other'))).toEqual({ total: 0, held: 0, busiest: undefined });
    expect(periodOf([])).toEqual({ total: 0, held: 0, busiest: undefined });
  });
});

describe('states', () => {
  it('are those that anything is in, from what is there to what needs somebody', () => {
    const all = [sipd({ REJECTED: 1, CONFIRMED: 2, QUEUED: 0 }), sipd({ ACCEPTED: 1 })];
    expect(statesIn(all)).toEqual([Delivery_State.CONFIRMED, Delivery_State.ACCEPTED, Delivery_State.REJECTED]);
    expect(statesIn([])).toEqual([]);
  });
});

describe('urusan', () => {
  const { urusans } = summary({
    urusans: [
      { kode: '1.01', uraian: 'PENDIDIKAN', targetCounts: [counts('sipd', { CONFIRMED: 3 })] },
      { kode: '1.02', uraian: '1.02 - KESEHATAN', targetCounts: [counts('sipd', { CONFIRMED: 3, REJECTED: 4 })] },
      { kode: '1.03', uraian: '', targetCounts: [counts('sipd', { CONFIRMED: 3 })] },
      { kode: '2.11', uraian: 'LINGKUNGAN HIDUP', targetCounts: [counts('splp', { CONFIRMED: 1 })] },
    ],
  });

  it('are sorted by how much they have, with code and name, without those that have nothing here', () => {
    expect(urusanRows(urusans, 'sipd').map(({ label, total }) => [label, total])).toEqual([
      ['1.02 - KESEHATAN', 7],
      ['1.01 - PENDIDIKAN', 3],
      ['1.03', 3],
    ]);
  });

  it.each([
    ['1.02 - URUSAN PEMERINTAHAN BIDANG KESEHATAN', '1.02 - KESEHATAN'],
    ['5.01 - PERENCANAAN', '5.01 - PERENCANAAN'],
    ['1.02', '1.02'],
  ])('%s in short is %s', (label, short) => expect(urusanShort(label)).toBe(short));
});

describe('turns', () => {
  it('are summed by owner, the largest first, each with its reasons', () => {
    const { turns } = summary({
      turns: [
        { owner: Failure_Owner.PRODUCER, reason: 'A', target: 'sipd', count: 5n },
        { owner: Failure_Owner.DATA_STEWARD, reason: 'B', target: 'sipd', count: 3n },
        { owner: Failure_Owner.DATA_STEWARD, reason: 'B', target: 'splp', count: 4n },
      ],
    });
    const owners = turnsByOwner(turns);
    expect(owners.map(({ owner, count }) => [owner, count])).toEqual([
      [Failure_Owner.DATA_STEWARD, 7],
      [Failure_Owner.PRODUCER, 5],
    ]);
    expect(owners[0]?.turns.map(({ target }) => target)).toEqual(['splp', 'sipd']);
    expect(turnsByOwner([])).toEqual([]);
  });
});

it('a target is known by any of its figures', () => {
  const found = targetsIn(
    summary({
      targetCounts: [counts('splp', {})],
      days: [{ date: '2026-01-31', targetCounts: [counts('sipd', { CONFIRMED: 1 })] }],
      urusans: [{ kode: '1.01', targetCounts: [counts('ckan', { CONFIRMED: 1 })] }],
    }),
  );
  expect(found).toEqual(['ckan', 'sipd', 'splp']);
});

it.each([
  ['', 30],
  ['days=7', 7],
  ['days=90', 90],
  ['days=366', 30],
  ['days=abc', 30],
])('the address %j asks for %i days', (address, days) => expect(readPeriod(new URLSearchParams(address))).toBe(days));

it('the usual period is not in the address', () => {
  expect(writePeriod(new URLSearchParams('days=7&x=1'), 30).toString()).toBe('x=1');
});
