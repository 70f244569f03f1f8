import IconCircleDashed from '@tabler/icons-react/icons/IconCircleDashed';
import IconCircleX from '@tabler/icons-react/icons/IconCircleX';
import IconRosetteDiscountCheck from '@tabler/icons-react/icons/IconRosetteDiscountCheck';
import { useTranslation } from 'react-i18next';

import { CatalogFile_Verification } from '../gen/satudata/integration/v1/resources_pb';
import { ToneBadge } from './ToneBadge';

/** Whether a file is verified: only those are sent. */
export function VerificationBadge({ verification }: { verification: CatalogFile_Verification }) {
  const { t } = useTranslation();
  switch (verification) {
    case CatalogFile_Verification.VERIFIED:
      return <ToneBadge tone="good" icon={IconRosetteDiscountCheck} word={t('verification.verified')} />;
    case CatalogFile_Verification.REFUSED:
      return <ToneBadge tone="bad" icon={IconCircleX} word={t('verification.refused')} />;
    default:
      return <ToneBadge tone="neutral" icon={IconCircleDashed} word={t('verification.unverified')} />;
  }
}
