import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';

import {
  type ListReferenceIndicatorsRequest,
  type ReferenceIndicator,
  ReferenceIndicatorSchema,
} from '../gen/satudata/integration/v1/target_service_pb';
import { refusal } from './errors';
import type { FakeServer } from './fakeServer';

const URUSANS = ['1.01 - PENDIDIKAN', '1.02 - KESEHATAN', '2.11 - LINGKUNGAN HIDUP'];

type YearInit = NonNullable<MessageInitShape<typeof ReferenceIndicatorSchema>['years']>[number];

/** A target's list of indicators, for a fake server: `new FakeIndicators().install(server)`. */
export class FakeIndicators {
  readTime = timestampFromMs(Date.now() - 5.5 * 60_000);
  indicators: ReferenceIndicator[];
  /** What was asked for, in order. */
  readonly requests: ListReferenceIndicatorsRequest[] = [];

  constructor(count = 12) {
    this.indicators = Array.from({ length: count }, (_, index) => sampleIndicator(index));
  }

  install(server: FakeServer): this {
    server.targets.listReferenceIndicators = (request) => this.list(request);
    return this;
  }

  private list(request: ListReferenceIndicatorsRequest) {
    this.requests.push(request);
    if (request.target !== 'sipd') {
      throw refusal(Code.FailedPrecondition, 'METHOD_UNAVAILABLE', 'Tidak tersedia untuk sistem tujuan ini.');
    }
    const matching = this.indicators.filter((indicator) => matches(indicator, request));
    const begin = Number(request.skip);
    const end = begin + (request.pageSize || 50);
    return {
      indicators: matching.slice(begin, end),
      nextPageToken: end < matching.length ? String(end) : '',
      totalCount: BigInt(matching.length),
      readTime: this.readTime,
    };
  }
}

function matches(indicator: ReferenceIndicator, { text, urusan }: ListReferenceIndicatorsRequest): boolean {
  const words = `${indicator.kodeindikator} ${indicator.uraianIndikator}`.toLowerCase();
  return words.includes(text.toLowerCase()) && (urusan === '' || indicator.bidangurusan.startsWith(`${urusan} `));
}

/** By turns the same, different, only ours and only theirs; every fourth has no value at all. */
export function sampleIndicator(index: number): ReferenceIndicator {
  const bidangurusan = URUSANS[index % URUSANS.length] ?? '';
  return create(ReferenceIndicatorSchema, {
    kodeindikator: `${bidangurusan.slice(0, 4)}.${String(index).padStart(6, '0')}`,
    uraianIndikator: `Jumlah fasilitas layanan menurut kecamatan ${index}`,
    satuan: index % 3 === 0 ? 'Unit' : 'Orang',
    bidangurusan,
    active: index % 7 !== 6,
    years: index % 4 === 3 ? [] : [2025, 2024, 2023, 2022].map((year) => sampleYear(index, year)),
  });
}

function sampleYear(index: number, year: number): YearInit {
  const ours = { value: `${1_234 + index * 37}.5`, fileId: `file-${String(index).padStart(6, '0')}` };
  const theirs = { targetValue: ours.value, confirmTime: timestampFromMs(Date.now() - (2026 - year) * 86_400_000) };
  const tahun = String(year);
  switch ((index + year) % 4) {
    case 0:
      return { tahun, ...ours, ...theirs };
    case 1:
      return { tahun, ...ours, ...theirs, targetValue: `${1_200 + index}` };
    case 2:
      return { tahun, ...ours };
    default:
      return { tahun, ...theirs };
  }
}
