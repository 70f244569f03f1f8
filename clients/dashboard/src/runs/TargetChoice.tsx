import { Checkbox, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { targetName } from '../components/targetName';
import { TimeAgo } from '../components/TimeAgo';
import { toDate } from '../api/timestamps';
import type { Target } from '../gen/satudata/integration/v1/resources_pb';

interface TargetChoiceProps {
  targets: readonly Target[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
  /** What there is to say of a target here. */
  describe?: (target: string) => ReactNode;
}

/** Which of the configured targets a run is for. One that is not being sent to says why. */
export function TargetChoice({ targets, chosen, onChange, describe }: TargetChoiceProps) {
  const { t } = useTranslation();
  return (
    <Checkbox.Group label={t('runs.dialog.targets')} value={[...chosen]} onChange={onChange}>
      <Stack gap="sm" mt={6}>
        {targets.map((target) => (
          <div key={target.target}>
            <Checkbox value={target.target} label={targetName(target.target)} size="md" />
            <Stack gap={2} ml={36}>
              {describe?.(target.target)}
              <TargetWaits target={target} />
            </Stack>
          </div>
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function TargetWaits({ target: { wait, waitEndTime } }: { target: Target }) {
  const { t } = useTranslation();
  if (!wait) return null;
  return (
    <Text size="sm" style={{ color: 'var(--tone-warn-text)' }}>
      {t('runs.dialog.waiting', { reason: wait.message })} <TimeAgo date={toDate(waitEndTime)} />
    </Text>
  );
}
