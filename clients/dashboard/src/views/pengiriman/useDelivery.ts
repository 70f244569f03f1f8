import { useQuery } from '@tanstack/react-query';

import { useApi } from '../../api/ApiContext';
import type { GetDeliveryResponse } from '../../gen/satudata/integration/v1/integration_service_pb';
import { type Delivery, Delivery_State } from '../../gen/satudata/integration/v1/resources_pb';

const MOVING_MS = 5_000;
const WAITING_MS = 30_000;
/** A delivery with so many records or attempts is megabytes: it is asked for less often. */
const LARGE = 200;

const MOVING: ReadonlySet<Delivery_State> = new Set([
  Delivery_State.QUEUED,
  Delivery_State.SENDING,
  Delivery_State.ACCEPTED,
  Delivery_State.UNKNOWN,
]);

/** Whether it may still change by itself. */
export function isOpen({ state }: Delivery): boolean {
  return MOVING.has(state) || state === Delivery_State.DEFERRED;
}

function refreshMs({ delivery, records, attempts }: GetDeliveryResponse): number | false {
  if (!delivery || !isOpen(delivery)) return false;
  const isLarge = records.length > LARGE || attempts.length > LARGE / 10;
  return MOVING.has(delivery.state) && !isLarge ? MOVING_MS : WAITING_MS;
}

export function useDelivery(deliveryId: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['delivery', deliveryId],
    queryFn: ({ signal }) => api.integration.getDelivery({ deliveryId }, { signal }),
    refetchInterval: ({ state: { data } }) => (data ? refreshMs(data) : false),
    gcTime: 60_000,
  });
}
