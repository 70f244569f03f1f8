/** Rows as text that a spreadsheet takes apart again: tabs between cells, none of them within. */
export function toTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map(toCell).join('\t')).join('\n');
}

/** What begins like a formula is marked as text, so that a name in a file cannot run in somebody's spreadsheet. */
function toCell(text: string): string {
  const line = text.replace(/[\t\r\n\v\f\u2028\u2029]+/g, ' ').trim();
  return /^[=+\-@]/.test(line) ? `'${line}` : line;
}
