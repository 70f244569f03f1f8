import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import IconChevronDown from '@tabler/icons-react/icons/IconChevronDown';
import IconChevronUp from '@tabler/icons-react/icons/IconChevronUp';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import type { Preview } from '../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../i18n/format';
import { PreviewBody } from '../views/pengiriman/PreviewBody';

/** The requests letter by letter, folded away, and only drawn once they are asked for. */
export function PreviewBodies({ previews }: { previews: readonly Preview[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const [opened, { toggle }] = useDisclosure(false);
  const Chevron = opened ? IconChevronUp : IconChevronDown;
  if (previews.length === 0) return null;
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: 'flex-start' }}
        aria-expanded={opened}
        aria-controls={opened ? id : undefined}
        rightSection={<Chevron size={14} aria-hidden />}
        onClick={toggle}
      >
        {t('runs.preview.bodies', { total: format.number(previews.length) })}
      </Button>
      {opened && (
        <Stack id={id} gap="sm">
          {previews.map((preview, at) => (
            <PreviewBody key={at} preview={preview} />
          ))}
        </Stack>
      )}
    </>
  );
}
