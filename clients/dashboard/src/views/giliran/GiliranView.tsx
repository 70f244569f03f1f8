import { Anchor, SimpleGrid } from '@mantine/core';
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import IconCircleCheck from '@tabler/icons-react/icons/IconCircleCheck';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { toDate } from '../../api/timestamps';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Page } from '../../components/Page';
import { StaleNotice } from '../../components/StaleNotice';
import { TableSkeleton } from '../../components/TableSkeleton';
import type { Turn } from '../../gen/satudata/integration/v1/integration_service_pb';
import { Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { CopyListButton } from './CopyListButton';
import { TurnFiles } from './TurnFiles';
import { TurnFilters } from './TurnFilters';
import { TurnGroup } from './TurnGroup';
import { TurnMessage } from './TurnMessage';
import { type TurnFilter, useTurnFilter } from './useTurnFilter';
import { OWNERS, useTurns } from './useTurns';

export default function GiliranView() {
  const [filter, change] = useTurnFilter();
  const isChosen = filter.owner !== Failure_Owner.UNSPECIFIED || filter.reason !== '' || filter.target !== '';
  return isChosen ? <ChosenTurn filter={filter} onChange={change} /> : <AllTurns />;
}

function AllTurns() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useTurns();
  const readTime = toDate(query.data?.readTime);
  const lead = (
    <>
      {t('giliran.lead')} {readTime && t('giliran.readAt', { time: format.time(readTime) })}
    </>
  );
  return (
    <Page title={t('giliran.title')} lead={lead}>
      {query.isPending && <TableSkeleton />}
      {query.isError && !query.data && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <>
          <StaleNotice error={query.error} />
          <Groups turns={query.data.turns} />
        </>
      )}
    </Page>
  );
}

function Groups({ turns }: { turns: readonly Turn[] }) {
  const { t } = useTranslation();
  const unclear = turns.filter((turn) => !OWNERS.some((owner) => owner === turn.owner));
  if (turns.length === 0)
    return <EmptyState icon={IconCircleCheck} title={t('giliran.none')} text={t('giliran.noneText')} />;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} style={{ alignItems: 'start' }}>
      {OWNERS.map((owner) => (
        <TurnGroup key={owner} owner={owner} turns={turns.filter((turn) => turn.owner === owner)} />
      ))}
      {unclear.length > 0 && <TurnGroup owner={Failure_Owner.UNSPECIFIED} turns={unclear} />}
    </SimpleGrid>
  );
}

interface ChosenTurnProps {
  filter: TurnFilter;
  onChange: (change: Partial<TurnFilter>) => void;
}

function ChosenTurn({ filter, onChange }: ChosenTurnProps) {
  const { t } = useTranslation();
  const { data } = useTurns();
  const turns = data?.turns ?? [];
  const back = (
    <Anchor component={Link} to="/giliran" size="sm">
      <IconArrowLeft size={16} aria-hidden style={{ verticalAlign: -3 }} /> {t('giliran.all')}
    </Anchor>
  );
  return (
    <Page title={t('giliran.title')} lead={back} actions={<CopyListButton filter={filter} />}>
      <TurnFilters filter={filter} onChange={onChange} turns={turns} />
      <TurnMessage filter={filter} turns={turns} />
      <TurnFiles filter={filter} />
    </Page>
  );
}
