export const berkasId = {
  title: 'Berkas',
} as const;
