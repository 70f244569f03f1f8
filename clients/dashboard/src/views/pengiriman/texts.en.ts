import type { Translation } from '../../i18n/texts';
import type { pengirimanId } from './texts.id';

export const pengirimanEn: Translation<typeof pengirimanId> = {
  title: 'Delivery',
};
