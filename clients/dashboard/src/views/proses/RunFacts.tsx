import { Anchor, Code, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { isEnded } from '../../api/runs';
import { toDate } from '../../api/timestamps';
import { Facts } from '../../components/Facts';
import { FileLink } from '../../components/FileLink';
import { targetName } from '../../components/targetName';
import { TimeAgo } from '../../components/TimeAgo';
import { useNow } from '../../components/useNow';
import type { Run } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { runPath, runSeconds } from './runWords';

export function RunFacts({ run }: { run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const seconds = runSeconds(run, useNow());
  const length = seconds === undefined ? undefined : format.duration(seconds);
  const retryOf = run.retryOf && (
    <Anchor component={Link} to={runPath(run.retryOf)} size="sm">
      {t('proses.run.retryOfLink')}
    </Anchor>
  );
  return (
    <>
      <Facts
        label={t('proses.run.facts')}
        facts={[
          [t('proses.run.by'), run.requestedBy],
          [t('proses.run.created'), <TimeAgo key="created" date={toDate(run.createTime)} />],
          [t('proses.run.ended'), run.endTime && <TimeAgo date={toDate(run.endTime)} />],
          [t('proses.run.length'), length !== undefined && !isEnded(run) ? t('proses.list.soFar', { length }) : length],
          [t('proses.run.targets'), run.targets.map(targetName).join(', ')],
          [t('proses.run.file'), run.fileId && <FileLink fileId={run.fileId} />],
          [t('proses.run.retryOf'), retryOf],
          [t('proses.run.id'), <Code key="id">{run.runId}</Code>],
        ]}
      />
      {run.skippedFileCount > 0n && (
        <Text size="sm">
          {t('proses.run.skipped', {
            count: Number(run.skippedFileCount),
            n: format.number(run.skippedFileCount),
          })}
        </Text>
      )}
      {isEnded(run) && run.openCount > 0n && (
        <Text size="sm">
          {t('proses.run.openCount', { count: Number(run.openCount), n: format.number(run.openCount) })}
        </Text>
      )}
    </>
  );
}
