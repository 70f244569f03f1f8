// What the texts of one language must have so that they fit those of another.

/** Texts by name, in groups. A name that ends in `_other` is chosen by a count. */
export interface TextTree {
  readonly [name: string]: string | TextTree;
}

/** As `T`, in another language: the same names, and for each `_other` its `_one`, which Indonesian does not have. */
export type Translation<T extends TextTree> = {
  readonly [K in keyof T]: T[K] extends TextTree ? Translation<T[K]> : string;
} & { readonly [K in keyof T as K extends `${infer Base}_other` ? `${Base}_one` : never]: string };
