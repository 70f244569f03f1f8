// A server with behaviour for tests: sessions that end, files, runs that move. Replace single methods with
// `server.integration.getRun = …`; let it fall silent with `server.isAway = true`.
import type { DescService } from '@bufbuild/protobuf';
import { Code, ConnectError, type ConnectRouter, createRouterTransport, type Interceptor } from '@connectrpc/connect';

import type { TransportFactory } from '../api/client';
import { CatalogService } from '../gen/satudata/integration/v1/catalog_service_pb';
import { IntegrationService } from '../gen/satudata/integration/v1/integration_service_pb';
import { SessionService } from '../gen/satudata/integration/v1/session_service_pb';
import { TargetService } from '../gen/satudata/integration/v1/target_service_pb';
import { refusal, unreachable } from './errors';
import { type CatalogMethods, FakeCatalog } from './fakeCatalog';
import { FakeRuns, type IntegrationMethods } from './fakeRuns';
import { FakeSessions, type Role, type SessionMethods } from './fakeSessions';
import { FakeTargets, type TargetMethods } from './fakeTargets';

export interface Call {
  method: string;
  language: string | null;
  token: string | null;
}

export class FakeServer {
  /** Nothing answers. */
  isAway = false;
  /** All calls that arrived, in order. */
  readonly calls: Call[] = [];

  readonly sessions = new FakeSessions();
  readonly files = new FakeCatalog();
  readonly targetList = new FakeTargets();
  readonly runs = new FakeRuns(this.files, this.targetList);

  readonly session: SessionMethods = this.sessions.methods();
  readonly catalog: CatalogMethods = this.files.methods();
  readonly targets: TargetMethods = this.targetList.methods();
  readonly integration: IntegrationMethods = this.runs.methods();

  readonly transport: TransportFactory = (interceptors) =>
    createRouterTransport((router) => this.register(router), {
      transport: { interceptors },
      router: { interceptors: [this.gate] },
    });

  /** The cookie of somebody who has signed in before the page was opened. */
  signInAs(role: Role, username = 'siti'): void {
    this.sessions.open(role, username);
  }

  /** How often a method was called, `ListFiles` for example. */
  countOf(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  private register(router: ConnectRouter): void {
    router.service(SessionService, lateBound(SessionService, this.session));
    router.service(CatalogService, lateBound(CatalogService, this.catalog));
    router.service(TargetService, lateBound(TargetService, this.targets));
    router.service(IntegrationService, lateBound(IntegrationService, this.integration));
  }

  private readonly gate: Interceptor = (next) => async (request) => {
    if (this.isAway) throw unreachable();
    const token = request.header.get('authorization')?.replace('Bearer ', '') ?? null;
    this.calls.push({ method: request.method.name, language: request.header.get('accept-language'), token });
    const isOpen = request.service.typeName === SessionService.typeName;
    if (!isOpen && !this.sessions.knows(token)) {
      throw refusal(Code.Unauthenticated, 'TOKEN_EXPIRED', 'Token masuk sudah kedaluwarsa.');
    }
    return next(request);
  };
}

/** The methods as they are when they are called, so that a test can replace them at any time. */
function lateBound(service: DescService, methods: object): object {
  const find = (name: string) => (methods as Record<string, ((...args: unknown[]) => unknown) | undefined>)[name];
  return Object.fromEntries(
    service.methods.map(({ localName }) => [
      localName,
      (...args: unknown[]) => {
        const method = find(localName);
        if (!method) throw new ConnectError(`the fake server has no ${localName}`, Code.Unimplemented);
        return method(...args);
      },
    ]),
  );
}
