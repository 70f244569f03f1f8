import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, type ServiceImpl } from '@connectrpc/connect';

import type { CatalogService, ListFilesRequest } from '../gen/satudata/integration/v1/catalog_service_pb';
import {
  type CatalogFile,
  CatalogFile_Verification,
  CatalogFileSchema,
  Delivery_State,
  Failure_Owner,
  type IndicatorValue,
  IndicatorValueSchema,
} from '../gen/satudata/integration/v1/resources_pb';
import { refusal } from './errors';
import { pageOf } from './fakeLists';

export type CatalogMethods = Partial<ServiceImpl<typeof CatalogService>>;

const THEMES = ['Pertanian', 'Kesehatan', 'Pendidikan', 'Ekonomi'];
const PRODUCERS = ['Dinas Pertanian dan Pangan', 'Dinas Kesehatan', 'Dinas Pendidikan', 'Bappeda'];
const STATES = [Delivery_State.CONFIRMED, Delivery_State.REJECTED, Delivery_State.DEFERRED, Delivery_State.UNCHANGED];

/** The file at a place of a catalogue of any size; every fifth is not verified. */
export function sampleFile(index: number): CatalogFile {
  const time = timestampFromMs(Date.UTC(2026, 0, 1) + index * 60_000);
  return create(CatalogFileSchema, {
    fileId: `file-${String(index).padStart(6, '0')}`,
    name: `Jumlah Penduduk menurut Kecamatan ${index}`,
    theme: THEMES[index % THEMES.length] ?? '',
    producer: PRODUCERS[index % PRODUCERS.length] ?? '',
    fileName: `penduduk-${index}.csv`,
    public: true,
    verification: index % 5 === 4 ? CatalogFile_Verification.UNVERIFIED : CatalogFile_Verification.VERIFIED,
    targetStates:
      index % 3 === 0
        ? []
        : ['sipd', 'splp'].map((target, at) => ({
            target,
            state: STATES[(index + at) % STATES.length] ?? Delivery_State.UNSPECIFIED,
            stateTime: time,
            runId: 'run-old',
            deliveryId: `delivery-${index}-${target}`,
          })),
  });
}

/** What is read at a place of a file; every fourth has something wrong with it. */
export function sampleValue(index: number): IndicatorValue {
  const isWrong = index % 4 === 3;
  const message =
    'Angka "1.234" dapat berarti 1.234 atau 1,234, jadi tidak dikirim. Produsen data menuliskannya tanpa tanda ribuan.';
  return create(IndicatorValueSchema, {
    position: BigInt(index + 1),
    kodeindikator: `1.02.${String(318 + Math.floor(index / 5)).padStart(6, '0')}`,
    tahun: String(2020 + (index % 5)),
    rawValue: isWrong ? '1.234' : `${index * 37},5`,
    value: isWrong ? '' : `${index * 37}.5`,
    ...(isWrong && { failure: { reason: 'NUMBER_AMBIGUOUS', message, owner: Failure_Owner.PRODUCER } }),
    line: BigInt(index + 2),
    column: 'nilai',
  });
}

export class FakeCatalog {
  files: CatalogFile[] = Array.from({ length: 12 }, (_, index) => sampleFile(index));

  /** What is read out of each of them. */
  values: IndicatorValue[] = Array.from({ length: 8 }, (_, index) => sampleValue(index));

  add(file: MessageInitShape<typeof CatalogFileSchema>): CatalogFile {
    const added = create(CatalogFileSchema, { verification: CatalogFile_Verification.VERIFIED, ...file });
    this.files.push(added);
    return added;
  }

  find(fileId: string): CatalogFile {
    const file = this.files.find((candidate) => candidate.fileId === fileId);
    if (!file) throw refusal(Code.NotFound, 'FILE_NOT_FOUND', `Berkas ${fileId} tidak ada di katalog.`);
    return file;
  }

  methods(): CatalogMethods {
    return {
      getFile: ({ fileId }) => this.find(fileId),
      listFiles: (request) => this.list(request),
      listIndicatorValues: (request) => {
        this.find(request.fileId);
        const { items, nextPageToken } = pageOf(this.values, request);
        return { indicatorValues: items, nextPageToken };
      },
      getCatalogSummary: () => ({
        fileCount: BigInt(this.files.length),
        verifiedFileCount: BigInt(this.verified().length),
        themes: countsOf(this.files.map(({ theme }) => theme)),
        producers: countsOf(this.files.map(({ producer }) => producer)),
      }),
    };
  }

  verified(): CatalogFile[] {
    return this.files.filter(({ verification }) => verification === CatalogFile_Verification.VERIFIED);
  }

  private list(request: ListFilesRequest) {
    const matching = this.files.filter((file) => matches(file, request));
    const begin = Number(request.pageToken || 0) + Number(request.skip);
    const end = begin + (request.pageSize || 50);
    return {
      files: matching.slice(begin, end),
      nextPageToken: end < matching.length ? String(end) : '',
      totalCount: BigInt(matching.length),
    };
  }
}

function matches(file: CatalogFile, { text, verification, theme, producer, target, state }: ListFilesRequest): boolean {
  const words = `${file.name} ${file.fileName} ${file.fileId}`.toLowerCase();
  return (
    words.includes(text.toLowerCase()) &&
    (verification === CatalogFile_Verification.UNSPECIFIED || file.verification === verification) &&
    (theme === '' || file.theme === theme) &&
    (producer === '' || file.producer === producer) &&
    (target === '' || file.targetStates.some((status) => status.target === target && status.state === state))
  );
}

function countsOf(names: string[]) {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort().map(([name, count]) => ({ name, count: BigInt(count) }));
}
