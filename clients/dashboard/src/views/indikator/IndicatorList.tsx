import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useTimeout } from '@mantine/hooks';
import IconListSearch from '@tabler/icons-react/icons/IconListSearch';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { toDate } from '../../api/timestamps';
import { EmptyState } from '../../components/EmptyState';
import { targetName } from '../../components/targetName';
import { TimeAgo } from '../../components/TimeAgo';
import type { ListReferenceIndicatorsResponse } from '../../gen/satudata/integration/v1/target_service_pb';
import { useFormat } from '../../i18n/format';
import type { Filters } from './filters';
import { IndicatorTable } from './IndicatorTable';
import { ListProblem } from './ListProblem';
import { useFirstPage } from './useIndicators';

/** After this long somebody wonders whether anything is going on. */
const SLOW_MS = 3_000;

interface IndicatorListProps {
  filters: Filters;
  onClear: () => void;
}

export function IndicatorList({ filters, onClear }: IndicatorListProps) {
  const first = useFirstPage(filters);
  const retry = () => void first.refetch();
  if (first.error && !first.data) return <ListProblem target={filters.target} error={first.error} onRetry={retry} />;
  if (!first.data) return <Loading />;
  const { filters: shown, answer } = first.data;
  return (
    <Stack gap="xs">
      <ListFacts target={shown.target} answer={answer} />
      {answer.totalCount > 0n ? (
        <IndicatorTable
          key={`${shown.target} ${shown.urusan} ${shown.text}`}
          filters={shown}
          total={Number(answer.totalCount)}
          isFading={first.isPlaceholderData}
        />
      ) : (
        <Nothing filters={shown} onClear={onClear} />
      )}
    </Stack>
  );
}

function ListFacts({ target, answer }: { target: string; answer: ListReferenceIndicatorsResponse }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { totalCount } = answer;
  const read = toDate(answer.readTime);
  return (
    <Group gap="xs" align="baseline">
      <Text size="sm" fw={600} role="status">
        {t('indikator.count', { count: Number(totalCount), shown: format.number(totalCount) })}
      </Text>
      {read && (
        <Text size="sm" c="dimmed" component="div">
          {t('indikator.read', { target: targetName(target) })} <TimeAgo date={read} />
        </Text>
      )}
    </Group>
  );
}

function Nothing({ filters: { text, urusan }, onClear }: IndicatorListProps) {
  const { t } = useTranslation();
  if (text === '' && urusan === '') {
    return <EmptyState title={t('indikator.emptyList')} text={t('indikator.emptyListText')} />;
  }
  return (
    <EmptyState
      icon={IconListSearch}
      title={t('indikator.noMatch')}
      text={t('indikator.noMatchText')}
      action={
        <Button variant="default" onClick={onClear}>
          {t('indikator.filters.clear')}
        </Button>
      }
    />
  );
}

function Loading() {
  const { t } = useTranslation();
  const [isSlow, setSlow] = useState(false);
  useTimeout(() => setSlow(true), SLOW_MS, { autoInvoke: true });
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed" role="status">
        {t(isSlow ? 'indikator.slow' : 'indikator.loading')}
      </Text>
      {Array.from({ length: 8 }, (_, at) => (
        <Skeleton key={at} height={56} aria-hidden />
      ))}
    </Stack>
  );
}
