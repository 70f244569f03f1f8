import { useTranslation } from 'react-i18next';

import { Facts } from '../../components/Facts';
import { VerificationBadge } from '../../components/VerificationBadge';
import type { CatalogFile } from '../../gen/satudata/integration/v1/resources_pb';

/** What is known of the file itself. */
export function FileFacts({ file }: { file: CatalogFile }) {
  const { t } = useTranslation();
  return (
    <Facts
      label={t('isi.facts.label')}
      facts={[
        [t('isi.facts.verification'), <VerificationBadge key="" verification={file.verification} />],
        [t('isi.facts.fileName'), file.fileName],
        [t('isi.facts.producer'), file.producer],
        [t('isi.facts.theme'), file.theme],
        [t('isi.facts.kodepemda'), file.kodepemda],
        [t('isi.facts.fileId'), file.fileId],
      ]}
    />
  );
}
