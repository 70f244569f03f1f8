import type { Translation } from '../../i18n/texts';
import type { ringkasanId } from './texts.id';

export const ringkasanEn: Translation<typeof ringkasanId> = {
  title: 'Summary',
};
