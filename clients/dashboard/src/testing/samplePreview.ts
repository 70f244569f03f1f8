import { create } from '@bufbuild/protobuf';

import { GetDeliveryResponseSchema } from '../gen/satudata/integration/v1/integration_service_pb';
import {
  Delivery_State,
  Failure_Owner,
  Record_Change_Kind,
  Run_State,
  TargetCountsSchema,
  TargetForecastSchema,
} from '../gen/satudata/integration/v1/resources_pb';
import type { FakeRun } from './fakeRun';
import type { FakeServer } from './fakeServer';

const { QUEUED, UNCHANGED, REJECTED, PARTIAL } = Delivery_State;
const REFUSAL = {
  reason: 'YEAR_INVALID',
  message: 'Tahun "20x4" tidak sah. Produsen data menuliskan tahun dengan empat angka.',
  owner: Failure_Owner.PRODUCER,
};

/** Ends a preview: of one file with its values at sipd and nothing to do at splp, of many with counts. */
export function endPreview(server: FakeServer, fake: FakeRun): void {
  const { run } = fake;
  const isOfOneFile = run.fileId !== '';
  if (isOfOneFile) addDelivery(server, run.runId, run.fileId);
  const count = (state: Delivery_State, n: bigint) => ({ state, count: n });
  const counts = isOfOneFile
    ? { sipd: [count(PARTIAL, 1n)], splp: [count(UNCHANGED, 1n)] }
    : { sipd: [count(QUEUED, 1_200n), count(REJECTED, 3n)], splp: [count(UNCHANGED, 1_203n)] };
  fake.end(isOfOneFile ? Run_State.PARTIAL : Run_State.SUCCEEDED, {
    targetCounts: Object.entries(counts).map(([target, states]) => create(TargetCountsSchema, { target, states })),
    forecasts: [
      create(TargetForecastSchema, { target: 'sipd', requestCount: 2n, durationMs: 65_000n }),
      create(TargetForecastSchema, { target: 'splp', requestCount: 0n }),
    ],
  });
}

function addDelivery(server: FakeServer, runId: string, fileId: string): void {
  const deliveryId = `${runId}-sipd`;
  const body = '{"kodepemda":"1612","nilai":"1234.5"}';
  server.runs.addDelivery({
    deliveryId,
    runId,
    fileId,
    target: 'sipd',
    state: PARTIAL,
    previews: [{ operation: 'push_dssd', body }],
  });
  const change = (kind: Record_Change_Kind, oldValue: string, newValue: string) => ({ kind, oldValue, newValue });
  const key = (year: number) => `1612.1.02.000318.${year}`;
  const records = [
    { key: key(2021), state: QUEUED, change: change(Record_Change_Kind.CREATE, '', '7') },
    { key: key(2022), state: QUEUED, change: change(Record_Change_Kind.UPDATE, '1200', '1234.5') },
    { key: key(2023), state: UNCHANGED, change: change(Record_Change_Kind.SAME, '9', '9') },
    { key: key(2024), state: REJECTED, failure: REFUSAL, change: change(Record_Change_Kind.REFUSED, '', '') },
  ];
  server.runs.details.set(deliveryId, create(GetDeliveryResponseSchema, { records }));
}
