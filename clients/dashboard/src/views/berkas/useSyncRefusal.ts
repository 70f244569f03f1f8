import { useTranslation } from 'react-i18next';

import { type CatalogFile, CatalogFile_Verification } from '../../gen/satudata/integration/v1/resources_pb';
import { usePermissions, useSession } from '../../session/useSession';
import { roleName } from '../../shell/roleName';

/** Why nobody with this role may sync; undefined if they may. */
export function useRoleRefusal(): string | undefined {
  const { t } = useTranslation();
  const { role } = useSession();
  return usePermissions().can('sync') ? undefined : t('berkas.sync.notAllowed', { role: roleName(role, t) });
}

/** Why a file cannot be synced; undefined if it can. */
export function useFileRefusal(file: CatalogFile): string | undefined {
  const { t } = useTranslation();
  const ofRole = useRoleRefusal();
  if (ofRole !== undefined) return ofRole;
  switch (file.verification) {
    case CatalogFile_Verification.VERIFIED:
      return undefined;
    case CatalogFile_Verification.REFUSED:
      return t('berkas.sync.refused');
    default:
      return t('berkas.sync.notVerified');
  }
}
