export const giliranId = {
  title: 'Giliran siapa',
} as const;
