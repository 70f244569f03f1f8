import { Group, Stack, Title } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import { targetName } from '../../components/targetName';
import { ToneBadge } from '../../components/ToneBadge';
import type { Target } from '../../gen/satudata/integration/v1/resources_pb';
import { usePermissions } from '../../session/useSession';
import { flowOf } from './flow';
import { TargetActions } from './TargetActions';
import classes from './TargetCard.module.css';
import { TargetFacts } from './TargetFacts';
import { WaitNotice } from './WaitNotice';

/** One target: what it does now, and what can be done about it. */
export function TargetCard({ target }: { target: Target }) {
  const { t } = useTranslation();
  const titleId = useId();
  const { can } = usePermissions();
  const { word, ...look } = flowOf(target);
  return (
    <section className={classes.card} aria-labelledby={titleId}>
      <Stack gap="md">
        <Group gap="sm">
          <Title order={2} size="h3" id={titleId}>
            {targetName(target.target)}
          </Title>
          <ToneBadge {...look} word={t(`tujuan.flow.${word}`)} />
        </Group>
        <WaitNotice target={target} />
        <TargetFacts target={target} />
        {can('manage-targets') && <TargetActions target={target} />}
      </Stack>
    </section>
  );
}
