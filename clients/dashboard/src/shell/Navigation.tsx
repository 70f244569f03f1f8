import { NavLink } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import IconChartBar from '@tabler/icons-react/icons/IconChartBar';
import IconFiles from '@tabler/icons-react/icons/IconFiles';
import IconListDetails from '@tabler/icons-react/icons/IconListDetails';
import IconProgressCheck from '@tabler/icons-react/icons/IconProgressCheck';
import IconServer from '@tabler/icons-react/icons/IconServer';
import IconUsers from '@tabler/icons-react/icons/IconUsers';
import { useTranslation } from 'react-i18next';
import { NavLink as RouterLink, useLocation } from 'react-router';

const VIEWS = [
  { to: '/', key: 'berkas', icon: IconFiles },
  { to: '/ringkasan', key: 'ringkasan', icon: IconChartBar },
  { to: '/proses', key: 'proses', icon: IconProgressCheck },
  { to: '/giliran', key: 'giliran', icon: IconUsers },
  { to: '/tujuan', key: 'tujuan', icon: IconServer },
  { to: '/indikator', key: 'indikator', icon: IconListDetails },
] as const satisfies readonly { to: string; key: string; icon: TablerIcon }[];

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <nav aria-label={t('nav.label')}>
      {VIEWS.map(({ to, key, icon: Icon }) => (
        <NavLink
          key={to}
          component={RouterLink}
          to={to}
          end={to === '/'}
          active={isWithin(pathname, to)}
          variant="light"
          label={t(`nav.${key}`)}
          leftSection={<Icon size={20} stroke={1.6} aria-hidden />}
          onClick={onNavigate}
          style={{ borderRadius: 'var(--mantine-radius-md)', minHeight: 44 }}
        />
      ))}
    </nav>
  );
}

/** A view and what it leads into; a file lies in `/berkas`, whose list is the first view. */
function isWithin(pathname: string, view: string): boolean {
  return pathname === view || pathname.startsWith(view === '/' ? '/berkas/' : `${view}/`);
}
