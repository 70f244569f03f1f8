// What a server answers when it is asked for lists.
import type { Turn, ListDeliveriesRequest } from '../gen/satudata/integration/v1/integration_service_pb';
import { type Delivery, Failure_Owner } from '../gen/satudata/integration/v1/resources_pb';

export function pageOf<T>(items: readonly T[], { pageSize, pageToken }: { pageSize: number; pageToken: string }) {
  const begin = Number(pageToken || 0);
  const end = begin + (pageSize || 50);
  return { items: items.slice(begin, end), nextPageToken: end < items.length ? String(end) : '' };
}

export function matchingDeliveries(all: readonly Delivery[], request: ListDeliveriesRequest): Delivery[] {
  const { runId, fileId, target, states, owner, reason } = request;
  return (request.newest ? newestOf(all) : all).filter(
    (delivery) =>
      (runId === '' || delivery.runId === runId) &&
      (fileId === '' || delivery.fileId === fileId) &&
      (target === '' || delivery.target === target) &&
      (states.length === 0 || states.includes(delivery.state)) &&
      (owner === Failure_Owner.UNSPECIFIED || delivery.failure?.owner === owner) &&
      (reason === '' || delivery.failure?.reason === reason),
  );
}

export function turnsOf(all: readonly Delivery[]): Omit<Turn, '$typeName' | '$unknown'>[] {
  const turns = new Map<string, Omit<Turn, '$typeName' | '$unknown'>>();
  for (const { target, failure } of newestOf(all)) {
    if (!failure) continue;
    const { owner, reason } = failure;
    const key = [owner, reason, target].join(' ');
    const count = (turns.get(key)?.count ?? 0n) + 1n;
    turns.set(key, { owner, reason, target, count, message: `Arti umum ${reason}.` });
  }
  return [...turns.values()].sort((a, b) => Number(b.count - a.count));
}

function newestOf(all: readonly Delivery[]): Delivery[] {
  return [...new Map(all.map((delivery) => [`${delivery.fileId} ${delivery.target}`, delivery])).values()];
}
