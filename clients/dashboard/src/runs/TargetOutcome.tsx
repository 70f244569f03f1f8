import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import type { RunView } from '../api/runView';
import { toDate } from '../api/timestamps';
import { FailureText } from '../components/FailureText';
import { DeliveryStateBadge } from '../components/StateBadge';
import { deliveryLook } from '../components/states';
import { targetName } from '../components/targetName';
import { TimeAgo } from '../components/TimeAgo';
import type { Delivery, Delivery_State, StateCount } from '../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../i18n/format';
import classes from './TargetOutcome.module.css';

/** What became of a file at one target. */
export function TargetOutcome({ target, view }: { target: string; view: RunView }) {
  const { t } = useTranslation();
  const delivery = view.deliveries.find((candidate) => candidate.target === target);
  const state = delivery?.state ?? onlyState(view, target);
  const name = targetName(target);
  return (
    <section className={classes.card} aria-label={name}>
      <Group justify="space-between" gap="xs">
        <Text fw={600}>{name}</Text>
        <div role="status">
          {state === undefined ? (
            <Text size="sm">{t('runs.dialog.planning')}</Text>
          ) : (
            <DeliveryStateBadge state={state} />
          )}
        </div>
      </Group>
      {delivery && <DeliveryFacts delivery={delivery} />}
      <Wait target={target} view={view} />
    </section>
  );
}

/** A file that the target holds already has no delivery: it is only counted. */
function onlyState({ targetCounts }: RunView, target: string): Delivery_State | undefined {
  return targetCounts.find((counts) => counts.target === target)?.states.find(({ count }) => count > 0n)?.state;
}

function DeliveryFacts({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const nextAttempt = toDate(delivery.nextAttemptTime);
  return (
    <Stack gap={6} mt={6}>
      <RecordCounts counts={delivery.recordCounts} />
      {delivery.failure && <FailureText failure={delivery.failure} />}
      {nextAttempt && (
        <Text size="sm" c="dimmed">
          {t('runs.dialog.nextAttempt')} <TimeAgo date={nextAttempt} />
        </Text>
      )}
      <Anchor component={Link} to={`/pengiriman/${encodeURIComponent(delivery.deliveryId)}`} size="sm">
        {t('runs.dialog.delivery', { target: targetName(delivery.target) })}
      </Anchor>
    </Stack>
  );
}

function RecordCounts({ counts }: { counts: readonly StateCount[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (counts.length === 0) return null;
  const words = counts.map(({ state, count }) =>
    t('runs.dialog.recordCount', {
      total: format.number(count),
      state: t(`deliveryState.${deliveryLook(state).word}`).toLowerCase(),
    }),
  );
  return <Text size="sm">{t('runs.dialog.records', { counts: words.join(', ') })}</Text>;
}

/** Why the target is not being sent to at this moment. */
function Wait({ target, view }: { target: string; view: RunView }) {
  const { t } = useTranslation();
  const wait = view.connection === 'ended' ? undefined : view.waits.find((candidate) => candidate.target === target);
  if (!wait?.failure) return null;
  return (
    <Text size="sm" mt={6}>
      {t('runs.dialog.waiting', { reason: wait.failure.message })} <TimeAgo date={toDate(wait.endTime)} />
    </Text>
  );
}
