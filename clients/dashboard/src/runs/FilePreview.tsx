import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { useApi } from '../api/ApiContext';
import type { Api } from '../api/client';
import { ErrorState } from '../components/ErrorState';
import type { GetDeliveryResponse } from '../gen/satudata/integration/v1/integration_service_pb';
import type { Run } from '../gen/satudata/integration/v1/resources_pb';
import { DeliveryPreview } from './DeliveryPreview';
import { TargetPreview } from './TargetPreview';

/** What a run of one file would do at each target: value by value, and request by request. */
export function FilePreview({ run }: { run: Run }) {
  const { integration } = useApi();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['preview', run.runId],
    queryFn: ({ signal }) => deliveriesOf(integration, run.runId, signal),
    staleTime: Infinity, // it was so at that moment
  });
  if (isPending) return <Skeleton height={120} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return run.targets.map((target) => {
    const response = data.find(({ delivery }) => delivery?.target === target);
    return (
      <TargetPreview key={target} run={run} target={target}>
        {/* What the target holds already has no delivery. */}
        {response && <DeliveryPreview response={response} />}
      </TargetPreview>
    );
  });
}

async function deliveriesOf(
  api: Api['integration'],
  runId: string,
  signal: AbortSignal,
): Promise<GetDeliveryResponse[]> {
  const { deliveries } = await api.listDeliveries({ runId }, { signal });
  return Promise.all(deliveries.map(({ deliveryId }) => api.getDelivery({ deliveryId }, { signal })));
}
