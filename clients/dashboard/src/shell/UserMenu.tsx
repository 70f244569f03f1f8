import { Button, Popover, Stack, Text, UnstyledButton } from '@mantine/core';
import IconLogout from '@tabler/icons-react/icons/IconLogout';
import { useTranslation } from 'react-i18next';

import { useSession, useSessionManager } from '../session/useSession';
import { LanguageSwitch } from './LanguageSwitch';
import { ThemeSwitch } from './ThemeSwitch';
import { roleName } from './roleName';
import classes from './UserMenu.module.css';

/** Who is signed in, and what they may set for themselves. */
export function UserMenu() {
  const { t } = useTranslation();
  const { username } = useSession();
  return (
    <Popover position="bottom-end" width={300} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <UnstyledButton aria-label={t('user.menu', { name: username })} p={6} style={{ borderRadius: 999 }}>
          <span className={classes.initial} aria-hidden>
            {username.slice(0, 1).toUpperCase()}
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <UserMenuContent />
      </Popover.Dropdown>
    </Popover>
  );
}

function UserMenuContent() {
  const { t } = useTranslation();
  const { username, role } = useSession();
  const session = useSessionManager();
  // Signed out here at once; a server that is away lets the session run out by itself.
  const signOut = () => void session.signOut().catch(() => undefined);
  return (
    <Stack gap="md">
      <div>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {username}
        </Text>
        <Text size="sm" c="dimmed">
          {roleName(role, t)}
        </Text>
      </div>
      <Labelled label={t('user.language')}>
        <LanguageSwitch />
      </Labelled>
      <Labelled label={t('user.theme')}>
        <ThemeSwitch />
      </Labelled>
      <Button variant="default" leftSection={<IconLogout size={18} aria-hidden />} onClick={signOut}>
        {t('user.signOut')}
      </Button>
    </Stack>
  );
}

function Labelled({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <Text size="sm" mb={4} aria-hidden>
        {label}
      </Text>
      {children}
    </div>
  );
}
