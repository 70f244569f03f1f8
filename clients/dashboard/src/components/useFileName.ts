import { useTranslation } from 'react-i18next';

import type { CatalogFile } from '../gen/satudata/integration/v1/resources_pb';

/** What a file is called; never empty, so that it can be spoken of. */
export function useFileName({ name, fileName }: Pick<CatalogFile, 'name' | 'fileName'>): string {
  const { t } = useTranslation();
  return name || fileName || t('file.unnamed');
}
