import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { useApi } from '../../api/ApiContext';
import { newRequestId } from '../../api/requestId';
import { firstSnapshot } from '../../api/runs';
import { CallError } from '../../components/CallError';
import { Notice } from '../../components/Notice';
import { targetName } from '../../components/targetName';
import { showToast } from '../../components/toast';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { type RetryChoice, retryableCount } from './retryable';
import { runPath } from './runWords';

export function RetryForm({ run, onClose }: { run: Run; onClose: () => void }) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState(() => firstChoice(run));
  // A repetition of the same choice attaches to the run that it started; another choice is another request.
  const [requestId, setRequestId] = useState(newRequestId);
  const choose = (change: Partial<RetryChoice>) => {
    setChoice({ ...choice, ...change });
    setRequestId(newRequestId());
  };
  const retry = useRetry(run, onClose);
  const isUseful = choice.targets.length > 0 && retryableCount(run, choice) > 0;
  return (
    <Stack gap="md">
      <Text size="sm">{t('proses.retry.text')}</Text>
      <RetryChoices run={run} choice={choice} onChange={choose} />
      <RetryOutlook run={run} choice={choice} />
      {retry.isError && (
        <Notice tone="bad" role="alert">
          <CallError error={retry.error} />
        </Notice>
      )}
      <Group justify="flex-end" gap="sm">
        <Button variant="default" onClick={onClose}>
          {t('action.cancel')}
        </Button>
        <Button disabled={!isUseful} loading={retry.isPending} onClick={() => retry.mutate({ choice, requestId })}>
          {t('proses.retry.submit')}
        </Button>
      </Group>
    </Stack>
  );
}

/** What was rejected is offered at once only where there is nothing else. */
function firstChoice(run: Run): RetryChoice {
  const choice = { targets: run.targets, includeRejected: false };
  return { ...choice, includeRejected: retryableCount(run, choice) === 0 };
}

interface RetryChoicesProps {
  run: Run;
  choice: RetryChoice;
  onChange: (change: Partial<RetryChoice>) => void;
}

function RetryChoices({ run, choice, onChange }: RetryChoicesProps) {
  const { t } = useTranslation();
  return (
    <>
      {run.targets.length > 1 && (
        <Checkbox.Group
          label={t('proses.retry.targets')}
          value={[...choice.targets]}
          onChange={(targets) => onChange({ targets })}
          error={choice.targets.length === 0 ? t('proses.retry.noTarget') : undefined}
        >
          <Group gap="lg" mt={4}>
            {run.targets.map((target) => (
              <Checkbox key={target} size="md" value={target} label={targetName(target)} />
            ))}
          </Group>
        </Checkbox.Group>
      )}
      <Checkbox
        size="md"
        checked={choice.includeRejected}
        onChange={({ currentTarget }) => onChange({ includeRejected: currentTarget.checked })}
        label={t('proses.retry.includeRejected')}
        description={t('proses.retry.includeRejectedText')}
      />
    </>
  );
}

function RetryOutlook({ run, choice }: { run: Run; choice: RetryChoice }) {
  const { t } = useTranslation();
  const format = useFormat();
  const count = retryableCount(run, choice);
  return (
    <div role="status">
      {count === 0 ? (
        <Text size="sm">{t('proses.retry.nothing')}</Text>
      ) : (
        <>
          <Text size="sm" fw={600}>
            {t('proses.retry.count', { count, n: format.number(count) })}
          </Text>
          <Text size="xs" c="dimmed">
            {t('proses.retry.countNote')}
          </Text>
        </>
      )}
    </div>
  );
}

function useRetry(run: Run, onDone: () => void) {
  const { t } = useTranslation();
  const api = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ choice, requestId }: { choice: RetryChoice; requestId: string }) =>
      firstSnapshot((signal) =>
        api.integration.retryRun(
          { runId: run.runId, targets: [...choice.targets], includeRejected: choice.includeRejected, requestId },
          { signal },
        ),
      ),
    onSuccess: ({ runId }) => {
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
      showToast({ message: t('proses.retry.started') });
      onDone();
      void navigate(runPath(runId));
    },
  });
}
