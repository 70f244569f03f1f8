import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { ownerTurnsPath } from '../../components/links';
import { Notice } from '../../components/Notice';
import { ownerLook } from '../../components/OwnerBadge';
import { targetName } from '../../components/targetName';
import type { Turn } from '../../gen/satudata/integration/v1/integration_service_pb';
import { useFormat } from '../../i18n/format';
import { type OwnerTurns, turnsByOwner } from './figures';
import { Panel } from './Panel';
import classes from './Ringkasan.module.css';

/** Reasons that are shown of each owner; the others are behind the link. */
const FEW_REASONS = 3;

/** Whose turn it is, and why. */
export function TurnsPanel({ turns }: { turns: readonly Turn[] }) {
  const { t } = useTranslation();
  const owners = turnsByOwner(turns);
  const most = owners[0]?.count ?? 0;
  return (
    <Panel title={t('ringkasan.turns.title')} lead={t('ringkasan.turns.lead')}>
      {owners.length === 0 && <Notice tone="good">{t('ringkasan.turns.none')}</Notice>}
      <ul className={classes.owners}>
        {owners.map((own) => (
          <Owner key={own.owner} own={own} most={most} />
        ))}
      </ul>
    </Panel>
  );
}

function Owner({ own: { owner, count, turns }, most }: { own: OwnerTurns; most: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { word, icon: Icon } = ownerLook(owner);
  const name = t(`owner.${word}`);
  const more = turns.length - FEW_REASONS;
  return (
    <li>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap={6} wrap="nowrap">
          <Icon size={18} aria-hidden style={{ flex: 'none' }} />
          <Anchor
            component={Link}
            to={ownerTurnsPath(owner)}
            fw={600}
            className={classes.ownerLink}
            aria-label={t('ringkasan.turns.open', { owner: name })}
          >
            {name}
          </Anchor>
        </Group>
        <Text fw={650} className={classes.figure}>
          {t('ringkasan.turns.deliveries', { count, shown: format.number(count) })}
        </Text>
      </Group>
      <div className={classes.track} aria-hidden>
        <div style={{ width: `${(count / most) * 100}%` }} />
      </div>
      <Stack component="ul" gap={4} className={classes.reasons}>
        {turns.slice(0, FEW_REASONS).map((turn) => (
          <Reason key={`${turn.target} ${turn.reason}`} turn={turn} />
        ))}
        {more > 0 && <li>{t('ringkasan.turns.more', { count: more, shown: format.number(more) })}</li>}
      </Stack>
    </li>
  );
}

function Reason({ turn: { target, reason, message, count } }: { turn: Turn }) {
  const format = useFormat();
  return (
    <li>
      <strong className={classes.figure}>{format.number(count)}</strong> {targetName(target)}: {message || reason}
    </li>
  );
}
