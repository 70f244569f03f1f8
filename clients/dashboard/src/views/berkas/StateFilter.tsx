import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { deliveryLook } from '../../components/states';
import { targetName } from '../../components/targetName';
import { Delivery_State } from '../../gen/satudata/integration/v1/resources_pb';
import type { FileFilters } from './fileFilters';

// What matters most often comes first.
const STATES = [
  Delivery_State.CONFIRMED,
  Delivery_State.UNCHANGED,
  Delivery_State.REJECTED,
  Delivery_State.PARTIAL,
  Delivery_State.DEFERRED,
  Delivery_State.PARKED,
  Delivery_State.UNKNOWN,
  Delivery_State.ACCEPTED,
  Delivery_State.SENDING,
  Delivery_State.QUEUED,
  Delivery_State.SKIPPED,
  Delivery_State.CANCELLED,
];

interface StateFilterProps {
  filters: FileFilters;
  onChange: (changed: Partial<FileFilters>) => void;
  targets: readonly string[];
}

/** A state at a target, chosen in one step: either alone would say nothing. */
export function StateFilter({ filters, onChange, targets }: StateFilterProps) {
  const { t } = useTranslation();
  const known = filters.target === '' || targets.includes(filters.target) ? targets : [...targets, filters.target];
  return (
    <Select
      label={t('berkas.filters.state')}
      placeholder={t('berkas.filters.any')}
      clearable
      searchable
      nothingFoundMessage={t('berkas.filters.nothingFound')}
      data={known.map((target) => ({
        group: targetName(target),
        items: STATES.map((state) => ({
          value: `${state}:${target}`,
          label: `${targetName(target)}: ${t(`deliveryState.${deliveryLook(state).word}`)}`,
        })),
      }))}
      value={filters.target === '' ? null : `${filters.state}:${filters.target}`}
      onChange={(value) => onChange(parse(value))}
    />
  );
}

function parse(value: string | null): Partial<FileFilters> {
  if (value === null) return { target: '', state: Delivery_State.UNSPECIFIED };
  const at = value.indexOf(':');
  const state = STATES.find((candidate) => String(candidate) === value.slice(0, at));
  return { state: state ?? Delivery_State.UNSPECIFIED, target: value.slice(at + 1) };
}
