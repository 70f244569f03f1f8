import { TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import IconSearch from '@tabler/icons-react/icons/IconSearch';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const TYPING_MS = 300;

interface SearchFieldProps {
  /** What is searched for now. */
  text: string;
  onSearch: (text: string) => void;
}

/** Searches once the typing pauses; follows when the search is changed from elsewhere. */
export function SearchField({ text, onSearch }: SearchFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  if (text !== known) {
    setKnown(text);
    setTyped(text);
  }
  const search = useDebouncedCallback((value: string) => {
    setKnown(value); // comes back as `text`, and must not overwrite what is typed meanwhile
    onSearch(value);
  }, TYPING_MS);
  return (
    <TextInput
      type="search"
      flex={1}
      aria-label={t('berkas.filters.search')}
      placeholder={t('berkas.filters.search')}
      leftSection={<IconSearch size={18} aria-hidden />}
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        search(value.trim());
      }}
    />
  );
}
