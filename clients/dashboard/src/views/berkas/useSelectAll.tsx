import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import { useApi } from '../../api/ApiContext';
import { CallError } from '../../components/CallError';
import { showToast } from '../../components/toast';
import { CatalogFile_Verification } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import type { FileFilters } from './fileFilters';
import { SELECTION_LIMIT, type Selection } from './useSelection';

/** Chooses all that match and are verified, as far as the limit allows; says so where it does not allow all. */
export function useSelectAll(filters: FileFilters, selection: Selection | undefined): () => void {
  const { t } = useTranslation();
  const { catalog } = useApi();
  const format = useFormat();
  const ask = useMutation({
    mutationFn: () =>
      catalog.listFiles({ ...filters, verification: CatalogFile_Verification.VERIFIED, pageSize: SELECTION_LIMIT }),
    onSuccess: ({ files, totalCount }) => {
      selection?.addAll(files.map(({ fileId }) => fileId));
      if (totalCount <= BigInt(SELECTION_LIMIT)) return;
      const [limit, total] = [format.number(SELECTION_LIMIT), format.number(totalCount)];
      showToast({ message: t('berkas.select.someOnly', { limit, total }) });
    },
    onError: (error) => showToast({ color: 'red', message: <CallError error={error} /> }),
  });
  return () => ask.mutate();
}
