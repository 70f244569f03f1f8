import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useApi } from '../../api/ApiContext';
import { toDate } from '../../api/timestamps';
import { copyText } from '../../components/copyText';
import { ownerLook } from '../../components/OwnerBadge';
import { deliveryLook } from '../../components/states';
import { targetName } from '../../components/targetName';
import { type Delivery, Failure_Owner } from '../../gen/satudata/integration/v1/resources_pb';
import { useFormat } from '../../i18n/format';
import { loadProducers } from './producer';
import { toTsv } from './tsv';
import type { TurnFilter } from './useTurnFilter';

/** The most that one call lists. */
const MOST_ROWS = 1_000;

export interface CopiedList {
  text: string;
  rowCount: number;
  /** There are more rows than were copied. */
  isCut: boolean;
  /** False where the browser did not let us. */
  isCopied: boolean;
}

/** Copies the files that wait as a text to hand on: up to 1,000 rows, with their producers. */
export function useListCopy(filter: TurnFilter) {
  const api = useApi();
  const queryClient = useQueryClient();
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const { header, toRow } = useRows();
  const mutation = useMutation({
    mutationFn: async (): Promise<CopiedList> => {
      setProgress({ done: 0, total: 0 });
      const request = { ...filter, newest: true, pageSize: MOST_ROWS };
      const { deliveries, nextPageToken } = await api.integration.listDeliveries(request);
      const fileIds = deliveries.map(({ fileId }) => fileId);
      const producers = await loadProducers(api, queryClient, fileIds, (done, total) => setProgress({ done, total }));
      const rows = deliveries.map((delivery) => toRow(delivery, producers.get(delivery.fileId) ?? ''));
      const text = toTsv([header, ...rows]);
      return { text, rowCount: rows.length, isCut: nextPageToken !== '', isCopied: await copyText(text) };
    },
  });
  return { ...mutation, progress };
}

function useRows() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = [
    'file',
    'fileId',
    'producer',
    'target',
    'state',
    'owner',
    'reason',
    'message',
    'fields',
    'since',
  ] as const;
  const toRow = ({ failure, ...delivery }: Delivery, producer: string): string[] => {
    const since = toDate(delivery.updateTime);
    const fields = failure?.fieldViolations.map(({ field, description }) => `${field}: ${description}`) ?? [];
    return [
      delivery.fileName,
      delivery.fileId,
      producer,
      targetName(delivery.target),
      t(`deliveryState.${deliveryLook(delivery.state).word}`),
      t(`owner.${ownerLook(failure?.owner ?? Failure_Owner.UNSPECIFIED).word}`),
      failure?.reason ?? '',
      failure?.message ?? '',
      fields.join('; '),
      since ? format.dateTime(since) : '',
    ];
  };
  return { header: names.map((name) => t(`giliran.copy.columns.${name}`)), toRow };
}
