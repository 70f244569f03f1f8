export const pengirimanId = {
  title: 'Pengiriman',
} as const;
