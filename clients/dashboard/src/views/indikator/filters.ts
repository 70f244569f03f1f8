// What is shown of the list, as it stands in the address.

export interface Filters {
  target: string;
  text: string;
  urusan: string;
}

/** Names of the filters in the address. */
const PARAMETERS = { target: 'target', text: 'text', urusan: 'urusan' } as const satisfies Record<
  keyof Filters,
  string
>;

export function readFilters(parameters: URLSearchParams, defaultTarget: string): Filters {
  return {
    target: parameters.get(PARAMETERS.target) ?? defaultTarget,
    text: parameters.get(PARAMETERS.text) ?? '',
    urusan: parameters.get(PARAMETERS.urusan) ?? '',
  };
}

/** The address with these filters changed; one that is empty is not in it. */
export function writeFilters(parameters: URLSearchParams, changes: Partial<Filters>): URLSearchParams {
  const next = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(changes)) {
    const parameter = PARAMETERS[name as keyof Filters];
    if (value === '') next.delete(parameter);
    else next.set(parameter, value);
  }
  return next;
}

/** The code in what was typed or chosen ("1.02", "1.02 - KESEHATAN"); empty for nothing, undefined for no code. */
export function urusanCode(words: string): string | undefined {
  const trimmed = words.trim();
  if (trimmed === '') return '';
  return /^\d+(?:\.\d+)*(?=$|\s)/.exec(trimmed)?.[0];
}
