import { Skeleton, Stack, Title } from '@mantine/core';
import { lazy, Suspense, useId } from 'react';
import { useTranslation } from 'react-i18next';

import type { Run } from '../../gen/satudata/integration/v1/resources_pb';

const TargetPreviews = lazy(async () => ({ default: (await import('../../runs/TargetPreviews')).TargetPreviews }));

/** What a preview expects: the requests to each target, how long they would take, what becomes of what. */
export function ForecastCard({ run }: { run: Run }) {
  const { t } = useTranslation();
  const titleId = useId();
  return (
    <Stack component="section" gap="sm" aria-labelledby={titleId}>
      <Title order={2} size="h4" id={titleId}>
        {t('proses.preview.forecast')}
      </Title>
      <Suspense fallback={<Skeleton height={120} />}>
        <TargetPreviews run={run} />
      </Suspense>
    </Stack>
  );
}
