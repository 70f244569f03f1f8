import type { TFunction } from 'i18next';

/** A role in the page's language; one that we do not know as the server has it. */
export function roleName(role: string, t: TFunction): string {
  switch (role.toLowerCase()) {
    case 'admin':
      return t('user.roles.admin');
    case 'operator':
      return t('user.roles.operator');
    case 'validator':
      return t('user.roles.validator');
    case 'viewer':
      return t('user.roles.viewer');
    default:
      return role;
  }
}
