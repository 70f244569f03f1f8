import { Chip, Group } from '@mantine/core';

import { enumSlug } from '../api/enumSlug';
import { Delivery_State } from '../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../i18n/format';
import { useDeliveryLook } from './previewLook';

interface StateChipsProps {
  label: string;
  /** How many there are of each; states that there are none of cannot be chosen. */
  counts: ReadonlyMap<Delivery_State, number>;
  chosen: readonly Delivery_State[];
  onChange: (chosen: Delivery_State[]) => void;
}

/** Chooses states; none chosen = any. */
export function StateChips({ label, counts, chosen, onChange }: StateChipsProps) {
  const lookOf = useDeliveryLook();
  const format = useFormat();
  const states = [...new Set([...counts.keys(), ...chosen])].sort((a, b) => a - b);
  if (states.length === 0) return null;
  const slugOf = (state: Delivery_State) => enumSlug(Delivery_State, state);
  return (
    <Chip.Group
      multiple
      value={chosen.map(slugOf)}
      onChange={(slugs) => onChange(states.filter((state) => slugs.includes(slugOf(state))))}
    >
      <Group gap={6} role="group" aria-label={label}>
        {states.map((state) => (
          <Chip key={state} value={slugOf(state)} size="sm" variant="outline">
            {lookOf(state).word} ({format.number(counts.get(state) ?? 0)})
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}
