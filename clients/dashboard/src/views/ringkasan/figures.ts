// The figures behind the charts. Pure: all that is drawn or written comes from here.
import { countsByState } from '../../api/runs';
import { urusanLabel } from '../../components/urusan';
import type {
  DaySummary,
  GetSummaryResponse,
  Turn,
  UrusanSummary,
} from '../../gen/satudata/integration/v1/integration_service_pb';
import { Delivery_State, type Failure_Owner, type TargetCounts } from '../../gen/satudata/integration/v1/resources_pb';

export type Counts = ReadonlyMap<Delivery_State, number>;

/** From what is there to what needs somebody: in this order states are stacked and listed, everywhere. */
const STATE_ORDER: readonly Delivery_State[] = [
  Delivery_State.CONFIRMED,
  Delivery_State.UNCHANGED,
  Delivery_State.ACCEPTED,
  Delivery_State.SENDING,
  Delivery_State.QUEUED,
  Delivery_State.UNKNOWN,
  Delivery_State.DEFERRED,
  Delivery_State.PARTIAL,
  Delivery_State.REJECTED,
  Delivery_State.PARKED,
  Delivery_State.SKIPPED,
  Delivery_State.CANCELLED,
];

/** A state of a newer server comes last. */
function place(state: Delivery_State): number {
  const at = STATE_ORDER.indexOf(state);
  return at < 0 ? STATE_ORDER.length + state : at;
}

/** The states that anything is in, in their order. */
export function statesIn(all: readonly Counts[]): Delivery_State[] {
  const states = new Set(all.flatMap((counts) => [...counts].filter(([, count]) => count > 0).map(([state]) => state)));
  return [...states].sort((a, b) => place(a) - place(b));
}

export function countsAt(target: string, counts: readonly TargetCounts[]): Counts {
  return countsByState(counts.filter((candidate) => candidate.target === target));
}

export function totalOf(counts: Counts): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** What the target is proven to hold. */
export function heldOf(counts: Counts): number {
  return (counts.get(Delivery_State.CONFIRMED) ?? 0) + (counts.get(Delivery_State.UNCHANGED) ?? 0);
}

export interface Share {
  held: number;
  /** All but what has nothing for the target or is withheld from it. */
  due: number;
  skipped: number;
  /** Undefined while nothing is due. Rounded down: nearly all is not all. */
  share: number | undefined;
}

export function shareHeld(counts: Counts): Share {
  const skipped = counts.get(Delivery_State.SKIPPED) ?? 0;
  const held = heldOf(counts);
  const due = totalOf(counts) - skipped;
  return { held, due, skipped, share: due === 0 ? undefined : roundedDown(held / due) };
}

/** To a tenth of a percent. */
export function roundedDown(share: number): number {
  return Math.floor(share * 1_000 + 1e-9) / 1_000;
}

/** All targets that the summary speaks of, by name. */
export function targetsIn({ targetCounts, days, urusans }: GetSummaryResponse): string[] {
  const all = [targetCounts, ...days.map((day) => day.targetCounts), ...urusans.map((urusan) => urusan.targetCounts)];
  return [...new Set(all.flat().map(({ target }) => target))].sort();
}

export interface DayRow {
  /** 2026-01-31. */
  date: string;
  counts: Counts;
  total: number;
}

/** One row a day, also for those without a delivery. */
export function dayRows(days: readonly DaySummary[], target: string): DayRow[] {
  return days.map(({ date, targetCounts }) => {
    const counts = countsAt(target, targetCounts);
    return { date, counts, total: totalOf(counts) };
  });
}

export interface Period {
  total: number;
  held: number;
  /** The first of the days with the most; undefined when there was nothing. */
  busiest: DayRow | undefined;
}

export function periodOf(rows: readonly DayRow[]): Period {
  const busiest = rows.reduce<DayRow | undefined>(
    (best, row) => (row.total > (best?.total ?? 0) ? row : best),
    undefined,
  );
  return {
    total: rows.reduce((sum, row) => sum + row.total, 0),
    held: rows.reduce((sum, row) => sum + heldOf(row.counts), 0),
    busiest,
  };
}

export interface UrusanRow {
  kode: string;
  label: string;
  counts: Counts;
  total: number;
}

/** The urusan that have records at this target, the largest first. */
export function urusanRows(urusans: readonly UrusanSummary[], target: string): UrusanRow[] {
  return urusans
    .map(({ kode, uraian, targetCounts }) => {
      const counts = countsAt(target, targetCounts);
      return { kode, label: urusanLabel(kode, uraian), counts, total: totalOf(counts) };
    })
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total || a.kode.localeCompare(b.kode, 'en', { numeric: true }));
}

export interface OwnerTurns {
  owner: Failure_Owner;
  /** Deliveries: a file that waits at two targets counts twice. */
  count: number;
  /** The largest first. */
  turns: Turn[];
}

/** Whose turn it is, the largest first. */
export function turnsByOwner(turns: readonly Turn[]): OwnerTurns[] {
  const byOwner = new Map<Failure_Owner, Turn[]>();
  for (const turn of turns) byOwner.set(turn.owner, [...(byOwner.get(turn.owner) ?? []), turn]);
  return [...byOwner]
    .map(([owner, own]) => ({
      owner,
      count: own.reduce((sum, { count }) => sum + Number(count), 0),
      turns: own.sort((a, b) => Number(b.count - a.count)),
    }))
    .sort((a, b) => b.count - a.count);
}
