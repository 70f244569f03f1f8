// Addresses into other views.
import { Failure_Owner } from '../gen/satudata/integration/v1/resources_pb';

/** A file and what was read out of it. */
export function filePath(fileId: string): string {
  return `/berkas/${encodeURIComponent(fileId)}`;
}

/** What waits for this owner: `data-steward` for DATA_STEWARD. All that waits, for one of a newer server. */
export function ownerTurnsPath(owner: Failure_Owner): string {
  const name = (Failure_Owner as Partial<Record<number, string>>)[owner];
  if (name === undefined || owner === Failure_Owner.UNSPECIFIED) return '/giliran';
  return `/giliran?owner=${name.toLowerCase().replaceAll('_', '-')}`;
}
