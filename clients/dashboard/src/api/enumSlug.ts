// Values of generated enums as they stand in an address: SYNC_ALL is `sync-all`.

type NumericEnum = Readonly<Record<string | number, string | number>>;

type ValueOf<Names extends NumericEnum> = Extract<Names[keyof Names], number>;

/** Empty for a value that the enum does not have, and for UNSPECIFIED. */
export function enumSlug(names: NumericEnum, value: number): string {
  const name = names[value];
  return typeof name !== 'string' || value === 0 ? '' : name.toLowerCase().replaceAll('_', '-');
}

/** Undefined for a text that stands for no value. */
export function enumFromSlug<Names extends NumericEnum>(names: Names, slug: string | null): ValueOf<Names> | undefined {
  if (slug === null || slug === 'unspecified' || slug !== slug.toLowerCase()) return undefined;
  const name = slug.replaceAll('-', '_').toUpperCase();
  const value = Object.hasOwn(names, name) ? names[name] : undefined;
  return typeof value === 'number' ? (value as ValueOf<Names>) : undefined;
}
