import { useTranslation } from 'react-i18next';

import { useFormat } from '../../i18n/format';

/** Where a value stands: in a table of text by line and column, in a spreadsheet by sheet and cell. */
export interface Place {
  /** 0 for a value that came with the file's record. */
  line: bigint;
  column: string;
  sheet?: string;
  cell?: string;
}

/** Puts the place of a value into words, so that whoever mends it finds it. */
export function usePlaceWords(): (place: Place) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ line, column, sheet = '', cell = '' }) => {
    const isCell = cell !== '';
    const parts = [
      sheet !== '' && t('isi.place.sheet', { sheet }),
      isCell && t('isi.place.cell', { cell }),
      !isCell && line > 0n && t('isi.place.line', { line: format.number(line) }),
      !isCell && column !== '' && t('isi.place.column', { column }),
    ].filter((part) => part !== false);
    return parts.length > 0 ? parts.join(', ') : t('isi.place.inline');
  };
}
