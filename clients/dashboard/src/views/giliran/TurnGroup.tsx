import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import IconChevronRight from '@tabler/icons-react/icons/IconChevronRight';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { ownerLook } from '../../components/OwnerBadge';
import { targetName } from '../../components/targetName';
import type { Turn } from '../../gen/satudata/integration/v1/integration_service_pb';
import type { Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import type { giliranId } from './texts.id';
import classes from './TurnGroup.module.css';
import { type TurnFilter, turnSearch } from './useTurnFilter';

type TaskWord = keyof (typeof giliranId)['task'];

const pathOf = (filter: TurnFilter) => `/giliran?${turnSearch(filter).toString()}`;

interface TurnGroupProps {
  owner: Failure_Owner;
  /** Those of this owner. */
  turns: readonly Turn[];
}

/** What waits for one owner, by reason and target. */
export function TurnGroup({ owner, turns }: TurnGroupProps) {
  const { t } = useTranslation();
  const { word } = ownerLook(owner);
  return (
    <Paper withBorder p="md" component="section" aria-label={t(`owner.${word}`)}>
      <Stack gap="xs">
        <GroupHeading owner={owner} turns={turns} />
        {turns.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t('giliran.nothing')}
          </Text>
        ) : (
          <ul className={classes.list}>
            {turns.map((turn) => (
              <TurnRow key={`${turn.reason} ${turn.target}`} turn={turn} />
            ))}
          </ul>
        )}
      </Stack>
    </Paper>
  );
}

function GroupHeading({ owner, turns }: TurnGroupProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { word, icon: Icon } = ownerLook(owner);
  const count = turns.reduce((sum, turn) => sum + Number(turn.count), 0);
  return (
    <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
      <div>
        <Title order={2} size="h4">
          <Icon size={20} aria-hidden style={{ verticalAlign: -3 }} /> {t(`owner.${word}`)}
        </Title>
        <Text size="sm" c="dimmed">
          {t(`giliran.task.${word satisfies TaskWord}`)}
        </Text>
      </div>
      <Stack gap={0} align="flex-end" style={{ flex: 'none' }}>
        <Text fw={650}>{t('giliran.count', { count, n: format.number(count) })}</Text>
        {/* The address cannot ask for those of nobody alone; each reason can be opened. */}
        {count > 0 && word !== 'nobody' && (
          <Anchor component={Link} to={pathOf({ owner, reason: '', target: '' })} size="sm">
            {t('giliran.seeAll')}
          </Anchor>
        )}
      </Stack>
    </Group>
  );
}

function TurnRow({ turn }: { turn: Turn }) {
  const format = useFormat();
  return (
    <li>
      <Link to={pathOf(turn)} className={classes.row}>
        <span className={classes.words}>
          <span>{turn.message || turn.reason}</span>
          <span className={classes.codes}>
            {targetName(turn.target)} · {turn.reason}
          </span>
        </span>
        <span className={classes.count}>{format.number(turn.count)}</span>
        <IconChevronRight size={16} aria-hidden />
      </Link>
    </li>
  );
}
