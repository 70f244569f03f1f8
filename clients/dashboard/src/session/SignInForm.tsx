import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type RefObject, type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { toFailure } from '../api/failure';
import { CallError } from '../components/CallError';
import { Notice } from '../components/Notice';
import { useFormat } from '../i18n/format';
import { useSessionManager } from './useSession';

/** What the server takes. */
const LONGEST_PASSWORD = 511;

export function SignInForm({ username: initialName }: { username: string }) {
  const { t } = useTranslation();
  const session = useSessionManager();
  const [username, setUsername] = useState(initialName);
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => session.signIn(username.trim(), password),
    onError: () => setPassword(''),
  });
  const formRef = useFocusOnFirstEmpty();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate();
  };
  return (
    <form ref={formRef} onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t('signIn.username')}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
        />
        <PasswordInput
          label={t('signIn.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          name="password"
          autoComplete="current-password"
          maxLength={LONGEST_PASSWORD}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          required
          withAsterisk={false}
        />
        <div aria-live="polite">{signIn.isError && <SignInError error={signIn.error} />}</div>
        <Button type="submit" loading={signIn.isPending}>
          {t('signIn.submit')}
        </Button>
      </Stack>
    </form>
  );
}

/** Signing in is all that one can do here: typing may begin at once. */
function useFocusOnFirstEmpty(): RefObject<HTMLFormElement | null> {
  const ref = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const fields = ref.current?.querySelectorAll<HTMLInputElement>('input') ?? [];
    [...fields].find(({ value }) => value === '')?.focus();
  }, []);
  return ref;
}

function SignInError({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shownAt] = useState(() => Date.now());
  const { retryAfterMs } = toFailure(error);
  return (
    <Notice tone="bad">
      <CallError error={error} />
      {retryAfterMs !== undefined && (
        <Text size="sm">
          {t('signIn.retryAt', {
            time: format.time(new Date(shownAt + retryAfterMs)),
            wait: format.duration(retryAfterMs / 1000),
          })}
        </Text>
      )}
    </Notice>
  );
}
