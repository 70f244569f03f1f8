import { Button, Stack, Text, Textarea } from '@mantine/core';
import IconCopy from '@tabler/icons-react/icons/IconCopy';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { CallError } from '../../components/CallError';
import { CopyButton } from '../../components/CopyButton';
import { Dialog } from '../../components/Dialog';
import { showToast } from '../../components/toast';
import { useFormat } from '../../i18n/format';
import type { TurnFilter } from './useTurnFilter';
import { type CopiedList, useListCopy } from './useListCopy';

/** "Salin daftar": something to hand on. Where the browser forbids it, the text is shown to be copied by hand. */
export function CopyListButton({ filter }: { filter: TurnFilter }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [byHand, setByHand] = useState<CopiedList>();
  const copy = useListCopy(filter);
  const outcome = ({ isCut, rowCount }: CopiedList) => {
    const n = format.number(rowCount);
    return isCut ? t('giliran.copy.cut', { n }) : t('giliran.copy.done', { count: rowCount, n });
  };
  const start = () =>
    copy.mutate(undefined, {
      onSuccess: (list) => (list.isCopied ? showToast({ message: outcome(list) }) : setByHand(list)),
      onError: (error) => showToast({ color: 'red', message: <CallError error={error} /> }),
    });
  const { done, total } = copy.progress;
  const words = t('giliran.copy.progress', { n: format.number(done), total: format.number(total) });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconCopy size={16} aria-hidden />}
        disabled={copy.isPending}
        onClick={start}
      >
        {copy.isPending && total > 0 ? words : t('giliran.copy.button')}
      </Button>
      <Dialog
        opened={byHand !== undefined}
        onClose={() => setByHand(undefined)}
        title={t('giliran.copy.title')}
        size="lg"
      >
        {byHand && <ByHand list={byHand} />}
      </Dialog>
    </>
  );
}

function ByHand({ list }: { list: CopiedList }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Stack gap="sm" align="stretch">
      <Text size="sm">{t('giliran.copy.failed')}</Text>
      {list.isCut && <Text size="sm">{t('giliran.copy.cut', { n: format.number(list.rowCount) })}</Text>}
      <Textarea
        label={t('giliran.copy.text')}
        value={list.text}
        readOnly
        rows={12}
        onFocus={({ currentTarget }) => currentTarget.select()}
        data-autofocus
      />
      <div>
        <CopyButton text={list.text} label={t('giliran.copy.text')} />
      </div>
    </Stack>
  );
}
