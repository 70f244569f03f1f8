import { Loader } from '@mantine/core';
import IconServerOff from '@tabler/icons-react/icons/IconServerOff';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';

import { useTargets } from '../../api/useTargets';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Page } from '../../components/Page';
import type { Target } from '../../gen/satudata/integration/v1/resources_pb';
import { FilterBar } from './FilterBar';
import { type Filters, readFilters, writeFilters } from './filters';
import { IndicatorList } from './IndicatorList';

/** The profile whose targets have a list of indicators. */
const PROFILE_WITH_LIST = 'ewalidata';

export default function IndikatorView() {
  const { t } = useTranslation();
  return (
    <Page title={t('indikator.title')} lead={t('indikator.lead')}>
      <WithTargets />
    </Page>
  );
}

function WithTargets() {
  const { t } = useTranslation();
  const { data, error, refetch } = useTargets();
  if (!data && error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loader role="status" aria-label={t('app.loading')} />;
  const withList = data.find(({ profile }) => profile === PROFILE_WITH_LIST) ?? data[0];
  if (!withList) {
    return <EmptyState icon={IconServerOff} title={t('indikator.noTarget')} text={t('indikator.noTargetText')} />;
  }
  return <Filtered targets={data} defaultTarget={withList.target} />;
}

function Filtered({ targets, defaultTarget }: { targets: Target[]; defaultTarget: string }) {
  const [parameters, setParameters] = useSearchParams();
  const filters = readFilters(parameters, defaultTarget);
  const change = (changes: Partial<Filters>) =>
    setParameters((current) => writeFilters(current, changes), { replace: true });
  return (
    <>
      <FilterBar targets={targets} filters={filters} onChange={change} />
      <IndicatorList filters={filters} onClear={() => change({ text: '', urusan: '' })} />
    </>
  );
}
