export function deliveryPath(deliveryId: string): string {
  return `/pengiriman/${encodeURIComponent(deliveryId)}`;
}
