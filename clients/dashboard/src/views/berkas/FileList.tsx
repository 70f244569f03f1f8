import { Button, Skeleton, Stack, Text } from '@mantine/core';
import IconSearchOff from '@tabler/icons-react/icons/IconSearchOff';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { useFormat } from '../../i18n/format';
import type { RowActions } from './FileRow';
import { countFilters, type FileFilters } from './fileFilters';
import { FileTable } from './FileTable';
import { type FilePages, useFilePages } from './useFilePages';
import { useSelectAll } from './useSelectAll';
import type { Selection } from './useSelection';

interface FileListProps {
  filters: FileFilters;
  targets: readonly string[];
  selection: Selection | undefined;
  isRunning: (fileId: string) => boolean;
  actions: RowActions;
  onClearFilters: () => void;
}

/** The files that match, or why there are none. */
export function FileList({ filters, onClearFilters, selection, ...table }: FileListProps) {
  const pages = useFilePages(filters);
  const selectAll = useSelectAll(filters, selection);
  const topRef = useBackToTop(pages.shown);
  if (pages.error) return <ErrorState error={pages.error} onRetry={pages.retry} />;
  return (
    <div ref={topRef} aria-busy={pages.shown !== filters} style={{ opacity: pages.shown === filters ? 1 : 0.6 }}>
      <Count pages={pages} />
      {pages.total === undefined && <LoadingRows />}
      {pages.total === 0 && <NoFiles filters={filters} onClearFilters={onClearFilters} />}
      {pages.total !== undefined && pages.total > 0 && (
        <FileTable {...table} pages={pages} total={pages.total} selection={selection} onSelectAll={selectAll} />
      )}
    </div>
  );
}

/** Other files begin at their first one. */
function useBackToTop(shown: FileFilters) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (ref.current && ref.current.getBoundingClientRect().top < 0) window.scrollTo(0, 0);
  }, [shown]);
  return ref;
}

function Count({ pages: { total } }: { pages: FilePages }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Text size="sm" c="dimmed" mb={6} role="status">
      {total === undefined ? t('berkas.counting') : t('berkas.count', { count: total, total: format.number(total) })}
    </Text>
  );
}

function LoadingRows() {
  return (
    <Stack gap="sm" aria-hidden>
      {Array.from({ length: 8 }, (_, at) => (
        <Skeleton key={at} height={52} />
      ))}
    </Stack>
  );
}

function NoFiles({ filters, onClearFilters }: { filters: FileFilters; onClearFilters: () => void }) {
  const { t } = useTranslation();
  const isFiltered = filters.text !== '' || countFilters(filters) > 0;
  if (!isFiltered) return <EmptyState title={t('berkas.empty.title')} text={t('berkas.empty.text')} />;
  return (
    <EmptyState
      icon={IconSearchOff}
      title={t('berkas.empty.noMatch')}
      text={t('berkas.empty.noMatchText')}
      action={
        <Button variant="default" onClick={onClearFilters}>
          {t('berkas.filters.clear')}
        </Button>
      }
    />
  );
}
