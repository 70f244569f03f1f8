import { Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { enumFromSlug, enumSlug } from '../../api/enumSlug';
import { ownerLook } from '../../components/OwnerBadge';
import { targetName } from '../../components/targetName';
import type { Turn } from '../../gen/satudata/integration/v1/integration_service_pb';
import { Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';
import type { TurnFilter } from './useTurnFilter';
import { OWNERS } from './useTurns';

const LONGEST = 60;

interface TurnFiltersProps {
  filter: TurnFilter;
  onChange: (change: Partial<TurnFilter>) => void;
  turns: readonly Turn[];
}

/** Offers what there is, and what the address asks for. */
export function TurnFilters({ filter, onChange, turns }: TurnFiltersProps) {
  const { t } = useTranslation();
  const any = { value: '', label: t('giliran.filter.any') };
  const { UNSPECIFIED } = Failure_Owner;
  const ofOwner = turns.filter(({ owner }) => filter.owner === UNSPECIFIED || owner === filter.owner);
  const owners = OWNERS.map((owner) => ({
    value: enumSlug(Failure_Owner, owner),
    label: t(`owner.${ownerLook(owner).word}`),
  }));
  const reasons = distinct([...ofOwner.map(({ reason }) => reason), filter.reason]);
  const targets = distinct([...turns.map(({ target }) => target), filter.target]);
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label={t('giliran.filter.label')}>
      <NativeSelect
        label={t('giliran.filter.owner')}
        value={enumSlug(Failure_Owner, filter.owner)}
        onChange={({ currentTarget: { value } }) =>
          onChange({ owner: enumFromSlug(Failure_Owner, value) ?? UNSPECIFIED, reason: '' })
        }
        data={[any, ...owners]}
      />
      <NativeSelect
        label={t('giliran.filter.reason')}
        value={filter.reason}
        onChange={({ currentTarget: { value } }) => onChange({ reason: value })}
        data={[any, ...reasons.map((reason) => ({ value: reason, label: reasonWords(reason, turns) }))]}
        maw={{ base: '100%', sm: 420 }}
      />
      <NativeSelect
        label={t('giliran.filter.target')}
        value={filter.target}
        onChange={({ currentTarget: { value } }) => onChange({ target: value })}
        data={[any, ...targets.map((target) => ({ value: target, label: targetName(target) }))]}
      />
    </Group>
  );
}

function distinct(words: readonly string[]): string[] {
  return [...new Set(words)].filter((word) => word !== '').sort();
}

/** What a reason means, as short as a choice must be: the first sentence of its message. */
function reasonWords(reason: string, turns: readonly Turn[]): string {
  const message = turns.find((turn) => turn.reason === reason)?.message ?? '';
  const sentence = /^.+?[.!?](?=\s|$)/.exec(message)?.[0] ?? message;
  if (sentence === '') return reason;
  return sentence.length <= LONGEST ? sentence : `${sentence.slice(0, LONGEST).trimEnd()}…`;
}
