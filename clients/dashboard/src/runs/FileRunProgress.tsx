import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { isEnded } from '../api/runs';
import { useRunWatch } from '../api/useRunWatch';
import { CallError } from '../components/CallError';
import { FailureText } from '../components/FailureText';
import { Notice } from '../components/Notice';
import { RunStateBadge } from '../components/StateBadge';
import type { Run } from '../gen/satudata/integration/v1/resources_pb';
import { TargetOutcome } from './TargetOutcome';
import { useRunEnd } from './useRunEnd';
import { useTrackedRunList } from './useTrackedRuns';

/** How far the run of one file is, per target, and how it ended. */
export function FileRunProgress({ runId, onClose }: { runId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const trackedRuns = useTrackedRunList();
  useEffect(() => trackedRuns.show(runId), [trackedRuns, runId]);
  const view = useRunWatch(runId);
  const { run, connection, error } = view;
  const hasEnded = run !== undefined && isEnded(run);
  useRunEnd(run);
  return (
    <Stack gap="md">
      <div role="status">
        {run ? <RunStateBadge state={run.state} /> : <Text size="sm">{t('runs.dialog.planning')}</Text>}
      </div>
      {connection === 'failed' && error && (
        <Notice tone="bad" role="alert">
          <CallError error={error} />
        </Notice>
      )}
      {connection === 'away' && <Notice tone="warn">{t('runs.dialog.streamAway')}</Notice>}
      {run?.targets.map((target) => (
        <TargetOutcome key={target} target={target} view={view} />
      ))}
      {hasEnded && <Ending run={run} />}
      {!hasEnded && (
        <Text size="sm" c="dimmed">
          {t('runs.dialog.closing')}
        </Text>
      )}
      <Group justify="space-between" gap="sm">
        <Anchor component={Link} to={`/proses/${encodeURIComponent(runId)}`} size="sm">
          {t('runs.dialog.run')}
        </Anchor>
        <Button variant={hasEnded ? 'filled' : 'default'} onClick={onClose}>
          {t('action.close')}
        </Button>
      </Group>
    </Stack>
  );
}

function Ending({ run }: { run: Run }) {
  const { t } = useTranslation();
  return (
    <>
      {run.failure && (
        <Notice tone="bad">
          <FailureText failure={run.failure} />
        </Notice>
      )}
      {run.openCount > 0n && <Notice tone="doubt">{t('runs.dialog.open')}</Notice>}
    </>
  );
}
