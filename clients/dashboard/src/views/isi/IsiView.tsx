import { Anchor, Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { useApi } from '../../api/ApiContext';
import { toFailure } from '../../api/failure';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Page } from '../../components/Page';
import { StaleNotice } from '../../components/StaleNotice';
import { TableSkeleton } from '../../components/TableSkeleton';
import { useFileName } from '../../components/useFileName';
import type { CatalogFile } from '../../gen/satudata/integration/v1/resources_pb';
import { FileFacts } from './FileFacts';
import { Values } from './Values';

/** A file and what was read out of it. */
export default function IsiView() {
  const { t } = useTranslation();
  const { fileId = '' } = useParams();
  const { data: file, error, isPending, refetch } = useFile(fileId);
  if (error && toFailure(error).reason === 'FILE_NOT_FOUND') return <GoneFile />;
  if (file) return <FileContent key={fileId} file={file} error={error} />;
  return (
    <Page title={t('isi.title')} lead={<ToFiles />}>
      {isPending ? <TableSkeleton /> : <ErrorState error={error} onRetry={() => void refetch()} />}
    </Page>
  );
}

function useFile(fileId: string) {
  const { catalog } = useApi();
  return useQuery({
    queryKey: ['file', fileId],
    queryFn: ({ signal }) => catalog.getFile({ fileId }, { signal }),
  });
}

function FileContent({ file, error }: { file: CatalogFile; error: unknown }) {
  const name = useFileName(file);
  return (
    <Page title={name} lead={<ToFiles />}>
      <StaleNotice error={error} />
      <FileFacts file={file} />
      <Values fileId={file.fileId} />
    </Page>
  );
}

function ToFiles() {
  const { t } = useTranslation();
  return (
    <Anchor component={Link} to="/" size="sm">
      <IconArrowLeft size={16} aria-hidden style={{ verticalAlign: -3 }} /> {t('isi.toFiles')}
    </Anchor>
  );
}

function GoneFile() {
  const { t } = useTranslation();
  const back = (
    <Button component={Link} to="/" variant="light">
      {t('isi.toFiles')}
    </Button>
  );
  return (
    <Page title={t('isi.title')}>
      <EmptyState title={t('isi.gone.title')} text={t('isi.gone.text')} action={back} />
    </Page>
  );
}
