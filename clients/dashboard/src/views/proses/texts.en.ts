import type { Translation } from '../../i18n/texts';
import type { prosesId } from './texts.id';

export const prosesEn: Translation<typeof prosesId> = {
  title: 'Runs',
};
