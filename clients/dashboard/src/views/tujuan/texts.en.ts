import type { Translation } from '../../i18n/texts';
import type { tujuanId } from './texts.id';

export const tujuanEn: Translation<typeof tujuanId> = {
  title: 'Targets',
};
