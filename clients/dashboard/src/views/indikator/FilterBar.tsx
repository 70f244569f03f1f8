import { Autocomplete, CloseButton, Group, Select, TextInput } from '@mantine/core';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { useTranslation } from 'react-i18next';

import { useSummary } from '../../api/useSummary';
import { targetName } from '../../components/targetName';
import { urusanLabel, urusanShort } from '../../components/urusan';
import type { Target } from '../../gen/satudata/integration/v1/resources_pb';
import { type Filters, urusanCode } from './filters';
import { useDraft } from './useDraft';

interface FilterBarProps {
  targets: readonly Target[];
  filters: Filters;
  onChange: (changes: Partial<Filters>) => void;
}

export function FilterBar({ targets, filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  return (
    <Group role="search" aria-label={t('indikator.filters.label')} gap="sm" align="flex-end">
      {targets.length > 1 && (
        <Select
          label={t('indikator.filters.target')}
          data={targets.map(({ target }) => ({ value: target, label: targetName(target) }))}
          value={filters.target}
          onChange={(target) => target !== null && onChange({ target })}
          allowDeselect={false}
          w={{ base: '100%', xs: 140 }}
        />
      )}
      <SearchField value={filters.text} onChange={(text) => onChange({ text })} />
      <UrusanField value={filters.urusan} onChange={(urusan) => onChange({ urusan })} />
    </Group>
  );
}

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
}

function SearchField({ value, onChange }: FieldProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useDraft(value, (words) => onChange(words.trim()));
  return (
    <TextInput
      type="search"
      label={t('indikator.filters.search')}
      placeholder={t('indikator.filters.searchHint')}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={draft !== '' && <CloseButton aria-label={t('action.clear')} onClick={() => setDraft('')} />}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      miw={{ base: '100%', xs: 260 }}
      flex={1}
      maw={{ xs: 420 }}
    />
  );
}

/** Takes a code as typed, or one of the urusan that our files have values of. */
function UrusanField({ value, onChange }: FieldProps) {
  const { t } = useTranslation();
  const { data } = useSummary({ dayCount: 1 });
  const labels = data?.urusans.map(({ kode, uraian }) => urusanShort(urusanLabel(kode, uraian))) ?? [];
  const shown = labels.find((label) => urusanCode(label) === value) ?? value;
  const [draft, setDraft, reset] = useDraft(shown, (words) => {
    const code = urusanCode(words);
    if (code !== undefined) onChange(code);
  });
  return (
    <Autocomplete
      label={t('indikator.filters.urusan')}
      placeholder={t('indikator.filters.urusanHint')}
      data={[...new Set(labels)]}
      limit={50}
      maxDropdownHeight={320}
      value={draft}
      onChange={setDraft}
      onBlur={() => urusanCode(draft) === undefined && reset()}
      clearable
      clearButtonProps={{ 'aria-label': t('action.clear') }}
      w={{ base: '100%', xs: 300 }}
    />
  );
}
