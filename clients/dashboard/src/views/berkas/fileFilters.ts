// Which files are asked for, and how the address says so.
import { enumFromSlug, enumSlug } from '../../api/enumSlug';
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

/** What the address says; what it says wrongly is no filter. */
export function filtersFromAddress(params: URLSearchParams): FileFilters {
  const target = params.get('target') ?? '';
  const state = enumFromSlug(Delivery_State, params.get('state'));
  const isAtTarget = target !== '' && state !== undefined;
  return {
    text: params.get('text') ?? '',
    verification:
      enumFromSlug(CatalogFile_Verification, params.get('verification')) ?? CatalogFile_Verification.UNSPECIFIED,
    theme: params.get('theme') ?? '',
    producer: params.get('producer') ?? '',
    target: isAtTarget ? target : '',
    state: isAtTarget ? state : Delivery_State.UNSPECIFIED,
  };
}

export function filtersToAddress({ verification, state, ...texts }: FileFilters): URLSearchParams {
  const named = {
    ...texts,
    verification: enumSlug(CatalogFile_Verification, verification),
    state: enumSlug(Delivery_State, state),
  };
  return new URLSearchParams(Object.entries(named).filter(([, value]) => value !== ''));
}

/** How many filters are set, the search not among them. */
export function countFilters({ verification, theme, producer, target }: FileFilters): number {
  const isVerificationSet = verification !== CatalogFile_Verification.UNSPECIFIED;
  return [isVerificationSet, theme !== '', producer !== '', target !== ''].filter(Boolean).length;
}
