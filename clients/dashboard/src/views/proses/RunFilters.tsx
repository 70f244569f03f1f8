import { Button, Group, NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { enumFromSlug, enumSlug } from '../../api/enumSlug';
import { runLook } from '../../components/states';
import { Run_Kind, Run_State } from '../../gen/satudata/integration/v1/resources_pb';
import { runKindWord } from './runWords';
import type { RunFilter } from './useRunFilter';

const STATES = [
  Run_State.QUEUED,
  Run_State.RUNNING,
  Run_State.SUCCEEDED,
  Run_State.PARTIAL,
  Run_State.FAILED,
  Run_State.CANCELLED,
];
const KINDS = [Run_Kind.SYNC_ALL, Run_Kind.SYNC_FILE, Run_Kind.RETRY, Run_Kind.PREVIEW, Run_Kind.WITHDRAW];
const ANY: RunFilter = { state: Run_State.UNSPECIFIED, kind: Run_Kind.UNSPECIFIED };

interface RunFiltersProps {
  filter: RunFilter;
  onChange: (change: Partial<RunFilter>) => void;
}

export function RunFilters({ filter, onChange }: RunFiltersProps) {
  const { t } = useTranslation();
  const any = { value: '', label: t('proses.filter.any') };
  const states = STATES.map((state) => ({
    value: enumSlug(Run_State, state),
    label: t(`runState.${runLook(state).word}`),
  }));
  const kinds = KINDS.map((kind) => ({ value: enumSlug(Run_Kind, kind), label: t(`runKind.${runKindWord(kind)}`) }));
  return (
    <Group gap="sm" align="flex-end" role="search" aria-label={t('proses.filter.label')}>
      <NativeSelect
        label={t('proses.filter.state')}
        value={enumSlug(Run_State, filter.state)}
        onChange={({ currentTarget: { value } }) => onChange({ state: enumFromSlug(Run_State, value) ?? ANY.state })}
        data={[any, ...states]}
      />
      <NativeSelect
        label={t('proses.filter.kind')}
        value={enumSlug(Run_Kind, filter.kind)}
        onChange={({ currentTarget: { value } }) => onChange({ kind: enumFromSlug(Run_Kind, value) ?? ANY.kind })}
        data={[any, ...kinds]}
      />
      {(filter.state !== ANY.state || filter.kind !== ANY.kind) && (
        <Button variant="subtle" onClick={() => onChange(ANY)}>
          {t('proses.filter.clear')}
        </Button>
      )}
    </Group>
  );
}
