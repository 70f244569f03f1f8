import type { Translation } from '../../i18n/texts';
import type { indikatorId } from './texts.id';

export const indikatorEn: Translation<typeof indikatorId> = {
  title: 'Indicators',
};
