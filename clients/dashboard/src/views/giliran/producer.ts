// Who produced a file: deliveries do not say.
import { type QueryClient, queryOptions, useQuery } from '@tanstack/react-query';

import { useApi } from '../../api/ApiContext';
import type { Api } from '../../api/client';

const FRESH_MS = 5 * 60_000;
/** A browser allows six calls at once; one stays free for what the user does. */
const AT_ONCE = 5;

const producerOptions = (api: Api, fileId: string) =>
  queryOptions({
    queryKey: ['files', 'producer', fileId],
    queryFn: async ({ signal }) => (await api.catalog.getFile({ fileId }, { signal })).producer,
    staleTime: FRESH_MS,
    retry: false,
  });

export function useProducer(fileId: string) {
  return useQuery(producerOptions(useApi(), fileId));
}

/** The producers of these files, by file; those that cannot be found out (a file may be gone) are left out. */
export async function loadProducers(
  api: Api,
  queryClient: QueryClient,
  fileIds: readonly string[],
  onProgress: (done: number, total: number) => void,
): Promise<ReadonlyMap<string, string>> {
  const waiting = [...new Set(fileIds)];
  const total = waiting.length;
  const found = new Map<string, string>();
  let done = 0;
  const work = async () => {
    for (let fileId = waiting.pop(); fileId !== undefined; fileId = waiting.pop()) {
      const producer = await queryClient.query(producerOptions(api, fileId)).catch(() => undefined);
      if (producer !== undefined) found.set(fileId, producer);
      onProgress(++done, total);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}
