export const tujuanId = {
  title: 'Sistem tujuan',
} as const;
