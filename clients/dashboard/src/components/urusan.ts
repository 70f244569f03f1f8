/** An urusan in words: "1.02 - KESEHATAN", also where the name brings its code along; the code alone while that is all. */
export function urusanLabel(kode: string, uraian: string): string {
  if (uraian === '' || uraian === kode) return kode;
  return uraian.startsWith(`${kode} `) ? uraian : `${kode} - ${uraian}`;
}

/** Without the words that all of them begin with, for where there is little room. */
export function urusanShort(label: string): string {
  return label.replace(/\bURUSAN PEMERINTAHAN (?:BIDANG )?(?=\S)/i, '');
}
