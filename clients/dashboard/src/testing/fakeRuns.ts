import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { Code, type ServiceImpl } from '@connectrpc/connect';

import {
  type GetDeliveryResponse,
  GetDeliveryResponseSchema,
  type IntegrationService,
} from '../gen/satudata/integration/v1/integration_service_pb';
import {
  CatalogFile_Verification,
  type Delivery,
  DeliverySchema,
  type Run,
  Run_Kind,
  Run_State,
} from '../gen/satudata/integration/v1/resources_pb';
import { refusal } from './errors';
import type { FakeCatalog } from './fakeCatalog';
import { matchingDeliveries, pageOf, turnsOf } from './fakeLists';
import { FakeRun } from './fakeRun';
import type { FakeTargets } from './fakeTargets';

export type IntegrationMethods = Partial<ServiceImpl<typeof IntegrationService>>;

/** Runs that move when the test says so: `server.runs.latest().delivery(…)`, `.progress(…)`, `.end(…)`. */
export class FakeRuns {
  readonly all: FakeRun[] = [];
  readonly deliveries: Delivery[] = [];
  /** Records and attempts, by delivery_id. */
  readonly details = new Map<string, GetDeliveryResponse>();
  private readonly byRequestId = new Map<string, FakeRun>();

  constructor(
    private readonly catalog: FakeCatalog,
    private readonly targets: FakeTargets,
  ) {}

  latest(): FakeRun {
    const run = this.all.at(-1);
    if (!run) throw new Error('no run was started');
    return run;
  }

  find(runId: string): FakeRun {
    const run = this.all.find((candidate) => candidate.run.runId === runId);
    if (!run) throw refusal(Code.NotFound, 'RUN_NOT_FOUND', `Proses ${runId} tidak ditemukan.`);
    return run;
  }

  /** A run that is under way, as somebody else may have started it. */
  begin(kind: Run_Kind, fields: Partial<Run> = {}): FakeRun {
    const run = new FakeRun(`run-${this.all.length + 1}`, kind, this.targets.names(), fields);
    this.all.push(run);
    return run;
  }

  addDelivery(fields: MessageInitShape<typeof DeliverySchema>): Delivery {
    const delivery = create(DeliverySchema, fields);
    this.deliveries.push(delivery);
    return delivery;
  }

  methods(): IntegrationMethods {
    return {
      syncFile: ({ fileId, targets, requestId, validateOnly }, { signal }) => {
        const file = this.catalog.find(fileId);
        if (validateOnly) return this.start(requestId, Run_Kind.PREVIEW, targets, { fileId }).watch(0n, signal);
        if (file.verification !== CatalogFile_Verification.VERIFIED) {
          throw refusal(Code.FailedPrecondition, 'FILE_NOT_VERIFIED', `Berkas ${fileId} belum diverifikasi.`);
        }
        return this.start(requestId, Run_Kind.SYNC_FILE, targets, { fileId }).watch(0n, signal);
      },
      syncAll: ({ targets, requestId, validateOnly }, { signal }) => {
        if (validateOnly) return this.start(requestId, Run_Kind.PREVIEW, targets, {}).watch(0n, signal);
        const active = this.active().find(({ run }) => run.kind === Run_Kind.SYNC_ALL);
        if (active && !this.byRequestId.has(requestId)) throw activeRun(active.run);
        return this.start(requestId, Run_Kind.SYNC_ALL, targets, {}).watch(0n, signal);
      },
      watchRun: ({ runId, afterSequence }, { signal }) => this.find(runId).watch(afterSequence, signal),
      getRun: ({ runId }) => this.find(runId).run,
      listRuns: ({ state, kind, ...page }) => {
        const matching = this.all
          .map(({ run }) => run)
          .filter((run) => state === Run_State.UNSPECIFIED || run.state === state)
          .filter((run) => kind === Run_Kind.UNSPECIFIED || run.kind === kind)
          .reverse();
        const { items, nextPageToken } = pageOf(matching, page);
        return { runs: items, nextPageToken };
      },
      cancelRun: ({ runId }) => {
        const run = this.find(runId);
        run.end(Run_State.CANCELLED);
        return run.run;
      },
      retryRun: ({ runId, targets, requestId }, { signal }) => {
        const { run } = this.find(runId);
        return this.start(requestId, Run_Kind.RETRY, targets, { retryOf: run.runId }).watch(0n, signal);
      },
      listDeliveries: (request) => {
        const { items, nextPageToken } = pageOf(matchingDeliveries(this.deliveries, request), request);
        return { deliveries: items, nextPageToken };
      },
      getDelivery: ({ deliveryId }) => {
        const delivery = this.deliveries.find((candidate) => candidate.deliveryId === deliveryId);
        if (!delivery) throw refusal(Code.NotFound, 'DELIVERY_NOT_FOUND', `Pengiriman ${deliveryId} tidak ditemukan.`);
        return { ...(this.details.get(deliveryId) ?? create(GetDeliveryResponseSchema)), delivery };
      },
      getSummary: () => ({ turns: turnsOf(this.deliveries), readTime: timestampNow() }),
    };
  }

  private active(): FakeRun[] {
    return this.all.filter(({ run }) => run.state === Run_State.RUNNING);
  }

  private start(requestId: string, kind: Run_Kind, targets: string[], fields: Partial<Run>): FakeRun {
    const known = this.byRequestId.get(requestId);
    if (known) return known;
    const run = this.begin(kind, targets.length > 0 ? { ...fields, targets } : fields);
    this.byRequestId.set(requestId, run);
    return run;
  }
}

function activeRun({ runId, targets }: Run) {
  const target = targets.join(', ');
  return refusal(Code.Aborted, 'RUN_ACTIVE', `Proses ${runId} ke ${target} masih berjalan. Tunggu sampai selesai.`, {
    arguments: { run_id: runId, target },
  });
}
