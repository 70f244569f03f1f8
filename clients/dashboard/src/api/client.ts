// The typed clients of all services that the page speaks to.
import { type Client, createClient, type Interceptor, type Transport } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';

import { CatalogService } from '../gen/satudata/integration/v1/catalog_service_pb';
import { IntegrationService } from '../gen/satudata/integration/v1/integration_service_pb';
import { TargetService } from '../gen/satudata/integration/v1/target_service_pb';

export interface Api {
  integration: Client<typeof IntegrationService>;
  catalog: Client<typeof CatalogService>;
  targets: Client<typeof TargetService>;
}

export function createApi(transport: Transport): Api {
  return {
    integration: createClient(IntegrationService, transport),
    catalog: createClient(CatalogService, transport),
    targets: createClient(TargetService, transport),
  };
}

/** Makes a transport with these interceptors, the first one outermost. Tests make one to a fake server. */
export type TransportFactory = (interceptors: Interceptor[]) => Transport;

/** A call without an answer ends after this; pass `timeoutMs` to one that may take longer, 0 for a stream that stays. */
const TIMEOUT_MS = 60_000;

/** gRPC-Web to the server that the page came from. */
export const sameOriginTransport: TransportFactory = (interceptors) =>
  createGrpcWebTransport({ baseUrl: window.location.origin, interceptors, defaultTimeoutMs: TIMEOUT_MS });
