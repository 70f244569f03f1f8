import { Button, Center, Divider, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';

import { ErrorState } from '../components/ErrorState';
import { Notice } from '../components/Notice';
import { LanguageSwitch } from '../shell/LanguageSwitch';
import { Wordmark } from '../shell/Wordmark';
import { rememberPlace } from './returnPlace';
import { SignInForm } from './SignInForm';
import { useSessionManager } from './useSession';

interface SignInPageProps {
  /** Whose session ended, when one did. */
  endedFor?: string;
  portalRefused?: boolean;
}

export function SignInPage({ endedFor, portalRefused = false }: SignInPageProps) {
  const { t } = useTranslation();
  const isEnded = endedFor !== undefined;
  const title = isEnded ? t('signIn.endedTitle') : t('signIn.title');
  useEffect(() => {
    document.title = `${title} · ${t('app.name')}`;
  }, [title, t]);
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder radius="lg" p="xl" w="100%" maw={400}>
        <Stack gap="lg">
          <Wordmark />
          <div>
            <Title order={1} size="h3">
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {isEnded ? t('signIn.endedText') : t('app.tagline')}
            </Text>
          </div>
          {portalRefused && (
            <Notice tone="warn" role="alert">
              <Text size="sm">{t('signIn.portalRefused')}</Text>
            </Notice>
          )}
          <WaysIn endedFor={endedFor} />
          <LanguageSwitch />
        </Stack>
      </Paper>
    </Center>
  );
}

/** What the server says is possible here: a password, the portal, or both. */
function WaysIn({ endedFor }: { endedFor: string | undefined }) {
  const { t } = useTranslation();
  const session = useSessionManager();
  const options = useQuery({ queryKey: ['signInOptions'], queryFn: session.signInOptions, staleTime: Infinity });
  if (options.isPending) return <Text size="sm">{t('app.loading')}</Text>;
  if (options.isError) return <ErrorState error={options.error} onRetry={() => void options.refetch()} />;
  const { password, portalUrl } = options.data;
  if (!password && portalUrl === '') return <Text size="sm">{t('signIn.none')}</Text>;
  return (
    <Stack gap="md">
      {password && <SignInForm username={endedFor ?? ''} />}
      {password && portalUrl !== '' && <Divider label={t('signIn.or')} />}
      {portalUrl !== '' && (
        <Button component="a" href={portalUrl} onClick={rememberPlace} variant={password ? 'default' : 'filled'}>
          {t('signIn.portal')}
        </Button>
      )}
    </Stack>
  );
}
