export const ringkasanId = {
  title: 'Ringkasan',
} as const;
