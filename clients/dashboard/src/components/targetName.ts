/** What people call a target: "SPLP" for `splp`. */
export function targetName(target: string): string {
  return target.toUpperCase();
}
