import { QueryClient } from '@tanstack/react-query';
import { Code, ConnectError } from '@connectrpc/connect';

import { isServerAway } from './failure';

const TRANSIENT = new Set([Code.Unavailable, Code.ResourceExhausted, Code.DeadlineExceeded]);

/** Another try only where it may help; a server that is away is waited for elsewhere (ServerPresence). */
function mayHelp(failureCount: number, error: unknown): boolean {
  return failureCount < 2 && !isServerAway(error) && TRANSIENT.has(ConnectError.from(error).code);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always', // a browser that believes it is offline still reaches a server on its own machine
        retry: mayHelp,
        staleTime: 10_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
