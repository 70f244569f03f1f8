import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconPlayerPause from '@tabler/icons-react/icons/IconPlayerPause';
import IconPlayerPlay from '@tabler/icons-react/icons/IconPlayerPlay';
import IconStethoscope from '@tabler/icons-react/icons/IconStethoscope';
import { useTranslation } from 'react-i18next';

import { CallError } from '../../components/CallError';
import { Notice } from '../../components/Notice';
import { targetName } from '../../components/targetName';
import { showToast } from '../../components/toast';
import type { Target } from '../../gen/satudata/integration/v1/resources_pb';
import { CheckOutcome } from './CheckOutcome';
import { PauseDialog } from './PauseDialog';
import { useCheck, useResume } from './useTargetActions';

/** What can be done about a target, and what came of it. */
export function TargetActions({ target }: { target: Target }) {
  const { t } = useTranslation();
  const name = targetName(target.target);
  const check = useCheck(target.target);
  const resume = useResume(target.target);
  return (
    <>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<IconStethoscope size={18} aria-hidden />}
          aria-label={t('tujuan.check.of', { target: name })}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t('tujuan.check.action')}
        </Button>
        <PauseSwitch target={target} resume={resume} />
      </Group>
      {resume.isError && (
        <Notice tone="bad" role="alert">
          {t('tujuan.resume.failed', { target: name })}
          <CallError error={resume.error} />
        </Notice>
      )}
      <CheckOutcome target={target.target} check={check} />
    </>
  );
}

interface PauseSwitchProps {
  target: Target;
  resume: ReturnType<typeof useResume>;
}

/** One button that says what it would do next: the focus stays on it when that changes. */
function PauseSwitch({ target: { target, paused }, resume }: PauseSwitchProps) {
  const { t } = useTranslation();
  const [opened, dialog] = useDisclosure(false);
  const name = targetName(target);
  const Icon = paused ? IconPlayerPlay : IconPlayerPause;
  const onSuccess = () => showToast({ message: t('tujuan.resume.done', { target: name }) });
  return (
    <>
      <Button
        variant={paused ? 'filled' : 'default'}
        leftSection={<Icon size={18} aria-hidden />}
        aria-label={t(paused ? 'tujuan.resume.of' : 'tujuan.pause.of', { target: name })}
        loading={resume.isPending}
        onClick={paused ? () => resume.mutate(undefined, { onSuccess }) : dialog.open}
      >
        {t(paused ? 'tujuan.resume.action' : 'tujuan.pause.action')}
      </Button>
      <PauseDialog target={target} opened={opened} onClose={dialog.close} />
    </>
  );
}
