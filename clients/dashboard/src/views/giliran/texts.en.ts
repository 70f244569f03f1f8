import type { Translation } from '../../i18n/texts';
import type { giliranId } from './texts.id';

export const giliranEn: Translation<typeof giliranId> = {
  title: 'Whose turn',
};
