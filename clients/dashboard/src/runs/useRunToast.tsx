import { Anchor, Text } from '@mantine/core';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { countsByState } from '../api/runs';
import { FailureText } from '../components/FailureText';
import { deliveryLook, runLook } from '../components/states';
import { toneMark } from '../components/tones';
import { showToast } from '../components/toast';
import { type Run, Run_State } from '../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../i18n/format';
import { runKindWord } from './runKind';

const SHOWN_MS = 15_000;

/** Says how a run ended, with a link. One that did not go well stays until it is closed. */
export function useRunToast(): (run: Run) => void {
  const { t } = useTranslation();
  return useCallback(
    (run) => {
      const look = runLook(run.state);
      const kind = t(`runKind.${runKindWord(run.kind)}`);
      showToast({
        id: run.runId,
        title: t('runs.toast.title', { kind, state: t(`runState.${look.word}`) }),
        message: <RunOutcome run={run} />,
        color: toneMark(look.tone),
        icon: <look.icon size={18} aria-hidden />,
        autoClose: run.state === Run_State.SUCCEEDED ? SHOWN_MS : false,
      });
    },
    [t],
  );
}

function RunOutcome({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counts = [...countsByState(run.targetCounts)].map(([state, count]) =>
    t('runs.toast.counts', { total: format.number(count), state: t(`deliveryState.${deliveryLook(state).word}`) }),
  );
  return (
    <>
      {run.failure && <FailureText failure={run.failure} />}
      {counts.length > 0 && <Text size="sm">{counts.join(' · ')}</Text>}
      {counts.length === 0 && run.state === Run_State.SUCCEEDED && <Text size="sm">{t('runs.toast.nothing')}</Text>}
      {run.openCount > 0n && <Text size="sm">{t('runs.toast.open', { total: format.number(run.openCount) })}</Text>}
      <Anchor component={Link} to={`/proses/${encodeURIComponent(run.runId)}`} size="sm">
        {t('runs.toast.link')}
      </Anchor>
    </>
  );
}
