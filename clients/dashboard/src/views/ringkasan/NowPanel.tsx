import { Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { targetName } from '../../components/targetName';
import type { TargetCounts } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { CountsTable } from './CountsTable';
import { type Counts, countsAt, totalOf } from './figures';
import { Panel } from './Panel';
import classes from './Ringkasan.module.css';
import { StackedBar } from './StackedBar';
import { StateLegend } from './StateLegend';

const BAR_PX = 26;

interface NowPanelProps {
  targets: readonly string[];
  targetCounts: readonly TargetCounts[];
}

/** Where the files stand at each target now. */
export function NowPanel({ targets, targetCounts }: NowPanelProps) {
  const { t } = useTranslation();
  const rows = targets.map((target) => ({
    key: target,
    names: [targetName(target)],
    counts: countsAt(target, targetCounts),
  }));
  const any = rows.some(({ counts }) => totalOf(counts) > 0);
  const title = t('ringkasan.now.title');
  const table = <CountsTable caption={title} headings={[t('ringkasan.table.target')]} rows={rows} />;
  return (
    <Panel title={title} lead={t('ringkasan.now.lead')} table={any ? table : undefined}>
      {!any && <Text size="sm">{t('ringkasan.now.none')}</Text>}
      {rows.map(({ key, counts }) => totalOf(counts) > 0 && <TargetNow key={key} target={key} counts={counts} />)}
    </Panel>
  );
}

/** The bar says nothing that the words below it do not. */
function TargetNow({ target, counts }: { target: string; counts: Counts }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = totalOf(counts);
  return (
    <div>
      <Title order={3} size="h6" mb={4}>
        {targetName(target)}{' '}
        <span className={classes.beside}>
          {t('ringkasan.now.files', { count: total, shown: format.number(total) })}
        </span>
      </Title>
      <StackedBar counts={counts} height={BAR_PX} />
      <StateLegend counts={[counts]} withCounts />
    </div>
  );
}
