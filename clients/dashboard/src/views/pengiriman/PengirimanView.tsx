import { Anchor, Button } from '@mantine/core';
import IconArrowLeft from '@tabler/icons-react/icons/IconArrowLeft';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { toFailure } from '../../api/failure';
import { EmptyState } from '../../components/EmptyState';
import { ErrorState } from '../../components/ErrorState';
import { Page } from '../../components/Page';
import { PreviewContext } from '../../components/previewLook';
import { StaleNotice } from '../../components/StaleNotice';
import { DeliveryStateBadge } from '../../components/StateBadge';
import { TableSkeleton } from '../../components/TableSkeleton';
import type { GetDeliveryResponse } from '../../gen/satudata/integration/v1/integration_service_pb';
import type { Delivery } from '../../gen/satudata/integration/v1/resources_pb';
import { PreviewNotice } from '../proses/PreviewNotice';
import { runPath } from '../proses/runWords';
import { useIsOfPreview } from './useIsOfPreview';
import { Attempts } from './Attempts';
import { DeliveryFacts, DeliveryFailure } from './DeliveryFacts';
import { Previews } from './Previews';
import { Records } from './Records';
import { useDelivery } from './useDelivery';

export default function PengirimanView() {
  const { t } = useTranslation();
  const { deliveryId = '' } = useParams();
  const query = useDelivery(deliveryId);
  if (query.isError && toFailure(query.error).reason === 'DELIVERY_NOT_FOUND') return <GoneDelivery />;
  const delivery = query.data?.delivery;
  if (query.data && delivery) {
    return (
      <Page
        key={deliveryId}
        title={delivery.fileName || delivery.fileId || t('pengiriman.title')}
        lead={<ToRun delivery={delivery} />}
      >
        <StaleNotice error={query.error} />
        <DeliveryContent response={query.data} delivery={delivery} />
      </Page>
    );
  }
  return (
    <Page title={t('pengiriman.title')}>
      {query.isPending ? <TableSkeleton /> : <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
    </Page>
  );
}

function DeliveryContent({ response, delivery }: { response: GetDeliveryResponse; delivery: Delivery }) {
  const isOfPreview = useIsOfPreview(delivery);
  return (
    <PreviewContext value={isOfPreview}>
      <div role="status">
        <DeliveryStateBadge state={delivery.state} />
      </div>
      {isOfPreview && <PreviewNotice />}
      <DeliveryFailure delivery={delivery} />
      <DeliveryFacts delivery={delivery} />
      <Records response={response} />
      <Previews previews={delivery.previews} />
      <Attempts response={response} />
    </PreviewContext>
  );
}

function ToRun({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const isOfPreview = useIsOfPreview(delivery);
  const { runId } = delivery;
  if (runId === '') return null;
  return (
    <Anchor component={Link} to={runPath(runId)} size="sm">
      <IconArrowLeft size={16} aria-hidden style={{ verticalAlign: -3 }} />{' '}
      {t(isOfPreview ? 'pengiriman.toPreview' : 'pengiriman.toRun')}
    </Anchor>
  );
}

function GoneDelivery() {
  const { t } = useTranslation();
  const back = (
    <Button component={Link} to="/proses" variant="light">
      {t('pengiriman.gone.back')}
    </Button>
  );
  return (
    <Page title={t('pengiriman.title')}>
      <EmptyState title={t('pengiriman.gone.title')} text={t('pengiriman.gone.text')} action={back} />
    </Page>
  );
}
