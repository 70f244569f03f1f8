import { isPreview } from '../../components/previewLook';
import type { Delivery } from '../../gen/satudata/integration/v1/resources_pb';
import { useRunQuery } from '../proses/useRun';

/** Whether a delivery was only planned, to see what would be. */
export function useIsOfPreview({ runId }: Delivery): boolean {
  const { data } = useRunQuery(runId);
  return data !== undefined && isPreview(data);
}
