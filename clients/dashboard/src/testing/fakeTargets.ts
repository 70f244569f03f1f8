import { create } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';

import { type Target, Target_Circuit, TargetSchema } from '../gen/satudata/integration/v1/resources_pb';
import type { TargetService } from '../gen/satudata/integration/v1/target_service_pb';

export type TargetMethods = Partial<ServiceImpl<typeof TargetService>>;

export class FakeTargets {
  targets: Target[] = [
    create(TargetSchema, {
      target: 'sipd',
      profile: 'ewalidata',
      host: 'sipd.example:443',
      circuit: Target_Circuit.CLOSED,
      concurrencyLimit: 4,
    }),
    create(TargetSchema, {
      target: 'splp',
      profile: 'dataset-rest',
      host: 'splp.example:443',
      circuit: Target_Circuit.CLOSED,
      concurrencyLimit: 8,
      rateLimit: 20,
    }),
  ];

  names(): string[] {
    return this.targets.map(({ target }) => target);
  }

  methods(): TargetMethods {
    return { listTargets: () => ({ targets: this.targets }) };
  }
}
