export const indikatorId = {
  title: 'Indikator',
} as const;
