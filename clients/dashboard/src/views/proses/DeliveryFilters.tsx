import { Button, Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { countsByState } from '../../api/runs';
import { StateChips } from '../../components/StateChips';
import { targetName } from '../../components/targetName';
import type { TargetCounts } from '../../gen/satudata/integration/v1/resources_pb';
import type { DeliveryFilter } from './useDeliveryFilter';

interface DeliveryFiltersProps {
  filter: DeliveryFilter;
  onChange: (change: Partial<DeliveryFilter>) => void;
  targets: readonly string[];
  counts: readonly TargetCounts[];
}

export function DeliveryFilters({ filter, onChange, targets, counts }: DeliveryFiltersProps) {
  const { t } = useTranslation();
  const isFiltered = filter.target !== '' || filter.states.length > 0;
  const offered = [...new Set([...targets, filter.target])].filter((target) => target !== '');
  const ofTarget = counts.filter(({ target }) => filter.target === '' || target === filter.target);
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label={t('proses.filter.label')}>
      {offered.length > 1 && (
        <NativeSelect
          label={t('proses.filter.target')}
          value={filter.target}
          onChange={({ currentTarget: { value } }) => onChange({ target: value })}
          data={[
            { value: '', label: t('proses.filter.any') },
            ...offered.map((target) => ({ value: target, label: targetName(target) })),
          ]}
        />
      )}
      <StateChips
        label={t('proses.filter.state')}
        counts={countsByState(ofTarget)}
        chosen={filter.states}
        onChange={(states) => onChange({ states })}
      />
      {isFiltered && (
        <Button variant="subtle" onClick={() => onChange({ target: '', states: [] })}>
          {t('proses.filter.clear')}
        </Button>
      )}
    </Group>
  );
}
