import { Anchor, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { isEnded } from '../../api/runs';
import { toDate } from '../../api/timestamps';
import { CountsBar } from '../../components/CountsBar';
import { type Column, DataTable } from '../../components/DataTable';
import { isPreview, PreviewContext } from '../../components/previewLook';
import { RunBadge } from '../../components/StateBadge';
import { targetName } from '../../components/targetName';
import { TimeAgo } from '../../components/TimeAgo';
import { useNow } from '../../components/useNow';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { runKindWord, runPath, runSeconds } from './runWords';

export function RunTable({ runs }: { runs: readonly Run[] }) {
  const { t } = useTranslation();
  const columns: Column<Run>[] = [
    { key: 'run', header: t('proses.list.run'), width: '20%', cell: (run) => <RunName run={run} /> },
    { key: 'begun', header: t('proses.list.begun'), width: '13%', cell: (run) => <Begun run={run} /> },
    { key: 'length', header: t('proses.list.length'), width: '13%', cell: (run) => <Length run={run} /> },
    { key: 'result', header: t('proses.list.result'), cell: (run) => <Result run={run} /> },
    { key: 'state', header: t('proses.list.state'), width: '19%', cell: (run) => <State run={run} /> },
  ];
  return <DataTable label={t('proses.list.label')} columns={columns} rows={runs} rowKey={({ runId }) => runId} />;
}

function RunName({ run }: { run: Run }) {
  const { t } = useTranslation();
  return (
    <>
      <Anchor component={Link} to={runPath(run.runId)} size="sm" fw={600}>
        {t(`runKind.${runKindWord(run.kind)}`)}
      </Anchor>
      {run.requestedBy !== '' && (
        <Text size="xs" c="dimmed">
          {t('proses.list.by', { user: run.requestedBy })}
        </Text>
      )}
    </>
  );
}

function Begun({ run }: { run: Run }) {
  const format = useFormat();
  const begun = toDate(run.startTime ?? run.createTime);
  return (
    <div>
      <TimeAgo date={begun} />
      {begun && (
        <Text size="xs" c="dimmed" aria-hidden>
          {format.dateTime(begun)}
        </Text>
      )}
    </div>
  );
}

function Length({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const seconds = runSeconds(run, useNow());
  if (seconds === undefined) return t('proses.list.notBegun');
  const length = format.duration(seconds);
  return isEnded(run) ? length : t('proses.list.soFar', { length });
}

function Result({ run }: { run: Run }) {
  const { t } = useTranslation();
  const counted = new Map(run.targetCounts.map(({ target, states }) => [target, states]));
  const targets = [...new Set([...run.targets, ...counted.keys()])];
  return (
    <PreviewContext value={isPreview(run)}>
      <Stack gap={6}>
        {targets.map((target) => (
          <div key={target}>
            <Text size="xs" fw={600}>
              {targetName(target)}
            </Text>
            {counted.get(target)?.length ? (
              <CountsBar counts={counted.get(target) ?? []} />
            ) : (
              <Text size="xs" c="dimmed">
                {t(isEnded(run) ? 'proses.progress.noneEnded' : 'proses.list.noCounts')}
              </Text>
            )}
          </div>
        ))}
      </Stack>
    </PreviewContext>
  );
}

function State({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div>
      <RunBadge run={run} />
      {isEnded(run) && run.openCount > 0n && (
        <Text size="xs" mt={4}>
          {t('proses.list.openCount', { n: format.number(run.openCount) })}
        </Text>
      )}
    </div>
  );
}
