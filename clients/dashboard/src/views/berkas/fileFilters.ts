// Which files are asked for, and how the address says so.
import { CatalogFile_Verification, Delivery_State } from '../../gen/satudata/integration/v1/resources_pb';

export interface FileFilters {
  text: string;
  verification: CatalogFile_Verification;
  theme: string;
  producer: string;
  /** Only together with `state`. */
  target: string;
  state: Delivery_State;
}

export const NO_FILTERS: FileFilters = {
  text: '',
  verification: CatalogFile_Verification.UNSPECIFIED,
  theme: '',
  producer: '',
  target: '',
  state: Delivery_State.UNSPECIFIED,
};

// Names in the address are for people, and stay what they are when the API's numbers move.
const VERIFICATIONS = new Map<string, CatalogFile_Verification>([
  ['sudah', CatalogFile_Verification.VERIFIED],
  ['belum', CatalogFile_Verification.UNVERIFIED],
  ['ditolak', CatalogFile_Verification.REFUSED],
]);

const STATES = new Map<string, Delivery_State>(
  Object.entries(Delivery_State)
    .filter(
      (entry): entry is [string, Delivery_State] =>
        typeof entry[1] === 'number' && entry[1] !== Delivery_State.UNSPECIFIED,
    )
    .map(([name, state]) => [name.toLowerCase(), state]),
);

function nameOf<T>(names: ReadonlyMap<string, T>, value: T): string {
  return [...names].find(([, candidate]) => candidate === value)?.[0] ?? '';
}

/** What the address says; what it says wrongly is no filter. */
export function filtersFromAddress(params: URLSearchParams): FileFilters {
  const get = (name: string) => params.get(name) ?? '';
  const target = get('tujuan');
  const state = STATES.get(get('keadaan')) ?? Delivery_State.UNSPECIFIED;
  const isStateKnown = target !== '' && state !== Delivery_State.UNSPECIFIED;
  return {
    text: get('teks'),
    verification: VERIFICATIONS.get(get('verifikasi')) ?? CatalogFile_Verification.UNSPECIFIED,
    theme: get('tema'),
    producer: get('produsen'),
    target: isStateKnown ? target : '',
    state: isStateKnown ? state : Delivery_State.UNSPECIFIED,
  };
}

export function filtersToAddress(filters: FileFilters): URLSearchParams {
  const named = {
    teks: filters.text,
    verifikasi: nameOf(VERIFICATIONS, filters.verification),
    tema: filters.theme,
    produsen: filters.producer,
    tujuan: filters.target,
    keadaan: nameOf(STATES, filters.state),
  };
  return new URLSearchParams(Object.entries(named).filter(([, value]) => value !== ''));
}

/** How many filters are set, the search not among them. */
export function countFilters({ verification, theme, producer, target }: FileFilters): number {
  const isVerificationSet = verification !== CatalogFile_Verification.UNSPECIFIED;
  return [isVerificationSet, theme !== '', producer !== '', target !== ''].filter(Boolean).length;
}
