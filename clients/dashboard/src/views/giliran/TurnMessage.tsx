import { Text } from '@mantine/core';

import { Notice } from '../../components/Notice';
import type { Turn } from '../../gen/satudata/integration/v1/integration_service_pb';
import type { TurnFilter } from './useTurnFilter';

/** Cause and cure in general, where one reason was chosen. */
export function TurnMessage({ filter, turns }: { filter: TurnFilter; turns: readonly Turn[] }) {
  const turn = turns.find(({ reason }) => reason === filter.reason);
  if (!turn?.message) return null;
  return (
    <Notice tone="info">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {turn.message}
      </Text>
    </Notice>
  );
}
