// Addresses into other views.
import type { Failure_Owner } from '../gen/satudata/integration/v1/resources_pb';
import { ownerLook } from './OwnerBadge';

/** The files, searched for this one. */
export function fileSearchPath(fileId: string): string {
  return `/berkas?${new URLSearchParams({ text: fileId }).toString()}`;
}

/** What waits for this owner. */
export function ownerTurnsPath(owner: Failure_Owner): string {
  return `/giliran?${new URLSearchParams({ owner: ownerLook(owner).word }).toString()}`;
}
