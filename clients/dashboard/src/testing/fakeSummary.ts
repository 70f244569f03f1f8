import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';

import {
  DaySummarySchema,
  type GetSummaryRequest,
  type GetSummaryResponse,
  GetSummaryResponseSchema,
} from '../gen/satudata/integration/v1/integration_service_pb';
import { Delivery_State, Failure_Owner } from '../gen/satudata/integration/v1/resources_pb';
import type { FakeServer } from './fakeServer';

type SummaryInit = MessageInitShape<typeof GetSummaryResponseSchema>;

/** The whole at a glance, for a fake server: `new FakeSummary({ … }).install(server)`. */
export class FakeSummary {
  /** What was asked for, in order. */
  readonly requests: GetSummaryRequest[] = [];

  /** What is left out of `fields` is nothing: no files, no deliveries. Days are always as many as were asked for. */
  constructor(public fields: SummaryInit = {}) {}

  install(server: FakeServer): this {
    server.integration.getSummary = (request) => this.answer(request);
    return this;
  }

  private answer(request: GetSummaryRequest): GetSummaryResponse {
    this.requests.push(request);
    const summary = create(GetSummaryResponseSchema, { readTime: timestampNow(), ...this.fields });
    const known = new Map(summary.days.map((day) => [day.date, day]));
    const days = lastDates(request.dayCount || 30).map((date) => known.get(date) ?? create(DaySummarySchema, { date }));
    return Object.assign(summary, { days });
  }
}

/** The dates of the last days, today last. */
export function lastDates(count: number): string[] {
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, at) => day(count - 1 - at));
}

/** Counts by state of a target. */
export function counts(target: string, states: Partial<Record<keyof typeof Delivery_State, number>>) {
  const pairs = Object.entries(states) as [keyof typeof Delivery_State, number][];
  return { target, states: pairs.map(([name, count]) => ({ state: Delivery_State[name], count: BigInt(count) })) };
}

/** A region in the middle of it. */
export function sampleSummary(): SummaryInit {
  return {
    fileCount: 1_840n,
    verifiedFileCount: 1_502n,
    targetCounts: [
      counts('sipd', {
        CONFIRMED: 612,
        UNCHANGED: 88,
        ACCEPTED: 24,
        DEFERRED: 31,
        REJECTED: 74,
        PARTIAL: 19,
        SKIPPED: 590,
      }),
      counts('splp', { CONFIRMED: 1_204, QUEUED: 12, SENDING: 4, UNKNOWN: 7, REJECTED: 38, PARKED: 9, SKIPPED: 3 }),
    ],
    days: lastDates(90).flatMap(sampleDay),
    urusans: URUSANS.map(([kode, uraian], index) => ({
      kode,
      uraian,
      targetCounts: [
        counts('sipd', {
          CONFIRMED: 40 + ((index * 97) % 600),
          DEFERRED: (index * 13) % 40,
          REJECTED: (index * 29) % 90,
        }),
      ],
    })),
    turns: [
      turn(
        Failure_Owner.PRODUCER,
        'NUMBER_AMBIGUOUS',
        'sipd',
        48,
        'Angka dapat dibaca dua cara. Produsen data menuliskannya tanpa titik ribuan.',
      ),
      turn(
        Failure_Owner.DATA_STEWARD,
        'METADATA_MISSING',
        'splp',
        38,
        'Sistem tujuan memerlukan metadata yang masih kosong. Lengkapi di portal.',
      ),
      turn(
        Failure_Owner.TARGET,
        'TARGET_OUTAGE',
        'sipd',
        31,
        'Sistem tujuan sedang tidak dapat melayani. Pengiriman dicoba lagi dengan sendirinya.',
      ),
      turn(
        Failure_Owner.DATA_STEWARD,
        'INDICATOR_UNKNOWN',
        'sipd',
        26,
        'Kode indikator tidak ada pada daftar acuan. Walidata memperbaiki pemetaannya.',
      ),
      turn(
        Failure_Owner.DATA_STEWARD,
        'TARGET_VALUE_FINAL',
        'sipd',
        12,
        'Nilai di sistem tujuan sudah final. Bila keliru, walidata meminta pembina data membukanya.',
      ),
      turn(Failure_Owner.PRODUCER, 'VALUE_ABSENT', 'sipd', 7, 'Belum ada nilainya. Produsen data mengisinya.'),
    ],
  };
}

function turn(owner: Failure_Owner, reason: string, target: string, count: number, message: string) {
  return { owner, reason, target, count: BigInt(count), message };
}

/** Weekends bring nothing. */
function sampleDay(date: string, index: number) {
  const weekday = new Date(date).getUTCDay();
  if (weekday === 0 || weekday === 6) return [{ date }];
  const wave = 10 + ((index * 37) % 50);
  return [
    {
      date,
      targetCounts: [
        counts('sipd', { CONFIRMED: wave, DEFERRED: index % 5, REJECTED: index % 9 }),
        counts('splp', {
          CONFIRMED: wave * 2,
          UNKNOWN: index % 3,
          REJECTED: index % 4,
          PARKED: index % 11 === 0 ? 5 : 0,
        }),
      ],
    },
  ];
}

const URUSANS = [
  ['1.01', 'URUSAN PEMERINTAHAN BIDANG PENDIDIKAN'],
  ['1.02', 'URUSAN PEMERINTAHAN BIDANG KESEHATAN'],
  ['1.03', 'URUSAN PEMERINTAHAN BIDANG PEKERJAAN UMUM DAN PENATAAN RUANG'],
  ['1.04', 'URUSAN PEMERINTAHAN BIDANG PERUMAHAN RAKYAT DAN KAWASAN PERMUKIMAN'],
  ['1.05', 'URUSAN PEMERINTAHAN BIDANG KETENTERAMAN DAN KETERTIBAN UMUM SERTA PELINDUNGAN MASYARAKAT'],
  ['1.06', 'URUSAN PEMERINTAHAN BIDANG SOSIAL'],
  ['2.07', 'URUSAN PEMERINTAHAN BIDANG TENAGA KERJA'],
  ['2.08', 'URUSAN PEMERINTAHAN BIDANG PEMBERDAYAAN PEREMPUAN DAN PELINDUNGAN ANAK'],
  ['2.09', 'URUSAN PEMERINTAHAN BIDANG PANGAN'],
  ['2.11', 'URUSAN PEMERINTAHAN BIDANG LINGKUNGAN HIDUP'],
  ['2.12', 'URUSAN PEMERINTAHAN BIDANG ADMINISTRASI KEPENDUDUKAN DAN PENCATATAN SIPIL'],
  ['2.15', ''],
  ['3.27', 'URUSAN PEMERINTAHAN BIDANG PERTANIAN'],
] as const;
