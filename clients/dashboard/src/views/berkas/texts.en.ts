import type { Translation } from '../../i18n/texts';
import type { berkasId } from './texts.id';

export const berkasEn: Translation<typeof berkasId> = {
  title: 'Files',
};
