export const prosesId = {
  title: 'Proses',
} as const;
