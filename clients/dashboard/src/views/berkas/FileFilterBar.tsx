import { Button, Collapse, Group, Select, SimpleGrid } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import IconAdjustmentsHorizontal from '@tabler/icons-react/icons/IconAdjustmentsHorizontal';
import { useTranslation } from 'react-i18next';

import { useCatalogSummary } from '../../api/useCatalogSummary';
import { CatalogFile_Verification } from '../../gen/satudata/integration/v1/resources_pb';
import { countFilters, type FileFilters } from './fileFilters';
import { SearchField } from './SearchField';
import { StateFilter } from './StateFilter';

interface FilterProps {
  filters: FileFilters;
  onChange: (changed: Partial<FileFilters>) => void;
}

/** The search, always there, and the filters, folded away on a phone. */
export function FileFilterBar({ filters, onChange, targets }: FilterProps & { targets: readonly string[] }) {
  const { t } = useTranslation();
  const [isOpen, { toggle }] = useDisclosure(false);
  const isRoomy = useMediaQuery('(min-width: 62em)', window.innerWidth >= 992);
  const count = countFilters(filters);
  return (
    <div role="search">
      <Group gap="sm" wrap="nowrap">
        <SearchField text={filters.text} onSearch={(text) => onChange({ text })} />
        {!isRoomy && (
          <Button
            variant="default"
            leftSection={<IconAdjustmentsHorizontal size={18} aria-hidden />}
            onClick={toggle}
            aria-expanded={isOpen}
          >
            {count === 0 ? t('berkas.filters.show') : t('berkas.filters.showActive', { count })}
          </Button>
        )}
      </Group>
      <Collapse in={isRoomy || isOpen}>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" verticalSpacing="sm" mt="sm">
          <VerificationFilter {...{ filters, onChange }} />
          <StateFilter {...{ filters, onChange, targets }} />
          <NameFilter {...{ filters, onChange }} field="theme" />
          <NameFilter {...{ filters, onChange }} field="producer" />
        </SimpleGrid>
      </Collapse>
    </div>
  );
}

const VERIFICATIONS = [
  { verification: CatalogFile_Verification.VERIFIED, word: 'verified' },
  { verification: CatalogFile_Verification.UNVERIFIED, word: 'unverified' },
  { verification: CatalogFile_Verification.REFUSED, word: 'refused' },
] as const;

function VerificationFilter({ filters, onChange }: FilterProps) {
  const { t } = useTranslation();
  const chosen = VERIFICATIONS.find(({ verification }) => verification === filters.verification);
  const byWord = (wanted: string | null) => VERIFICATIONS.find(({ word }) => word === wanted)?.verification;
  return (
    <Select
      label={t('berkas.filters.verification')}
      placeholder={t('berkas.filters.any')}
      clearable
      data={VERIFICATIONS.map(({ word }) => ({ value: word, label: t(`verification.${word}`) }))}
      value={chosen?.word ?? null}
      onChange={(word) => onChange({ verification: byWord(word) ?? CatalogFile_Verification.UNSPECIFIED })}
    />
  );
}

function NameFilter({ filters, onChange, field }: FilterProps & { field: 'theme' | 'producer' }) {
  const { t } = useTranslation();
  const { data } = useCatalogSummary();
  const counts = (field === 'theme' ? data?.themes : data?.producers) ?? [];
  const names = counts.map(({ name }) => name).filter((name) => name !== '');
  const value = filters[field];
  return (
    <Select
      label={t(`berkas.filters.${field}`)}
      placeholder={t('berkas.filters.any')}
      clearable
      searchable
      limit={100}
      nothingFoundMessage={t('berkas.filters.nothingFound')}
      // One that is in the address stays chosen, even if no file has it any more.
      data={value === '' || names.includes(value) ? names : [value, ...names]}
      value={value === '' ? null : value}
      onChange={(chosen) => onChange({ [field]: chosen ?? '' })}
    />
  );
}
