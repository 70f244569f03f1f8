// Brings the token with every call, and when the server does not know the caller, renews it and tries once more.
import { Code, ConnectError, type Interceptor, type StreamRequest, type StreamResponse } from '@connectrpc/connect';

import { isUnauthenticated } from '../api/failure';
import type { SessionManager } from './sessionManager';

export function authInterceptor(session: SessionManager): Interceptor {
  return (next) => async (request) => {
    const staleToken = await tokenFor(session, request.signal);
    request.header.set('authorization', `Bearer ${staleToken}`);
    const renewed = async () => {
      request.header.set('authorization', `Bearer ${await freshToken(session, staleToken, request.signal)}`);
    };
    if (request.stream) return streamWithReplay(next as StreamCall, await replayable(request), renewed);
    try {
      return await next(request);
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
      await renewed();
      return next(request);
    }
  };
}

type StreamCall = (request: StreamRequest) => Promise<StreamResponse>;

async function streamWithReplay(call: StreamCall, request: StreamRequest, renewed: () => Promise<void>) {
  const again = async () => {
    await renewed();
    return call(request);
  };
  try {
    const response = await call(request);
    return { ...response, message: messagesWithReplay(response, again) };
  } catch (error) {
    if (!isUnauthenticated(error)) throw error;
    return again();
  }
}

/** gRPC-Web tells a refusal in the body: it shows when the first message is asked for. */
async function* messagesWithReplay(response: StreamResponse, again: () => Promise<StreamResponse>) {
  let begun = false;
  try {
    for await (const message of response.message) {
      begun = true;
      yield message;
    }
    return;
  } catch (error) {
    if (begun || !isUnauthenticated(error)) throw error;
  }
  yield* (await again()).message;
}

/** A request whose messages can be sent twice; from a browser it has one. */
async function replayable(request: StreamRequest): Promise<StreamRequest> {
  const messages: unknown[] = [];
  for await (const message of request.message) messages.push(message);
  const message = {
    // eslint-disable-next-line @typescript-eslint/require-await -- has to be an asynchronous iterable
    async *[Symbol.asyncIterator]() {
      yield* messages;
    },
  };
  return { ...request, message: message as StreamRequest['message'] };
}

async function tokenFor(session: SessionManager, signal: AbortSignal): Promise<string> {
  try {
    return await session.token(signal);
  } catch (error) {
    throw new ConnectError(
      'nobody is signed in',
      signal.aborted ? Code.Canceled : Code.Unauthenticated,
      undefined,
      undefined,
      error,
    );
  }
}

/** Another call may have renewed it already. A session that has ended is waited for: the call goes on after signing in. */
async function freshToken(session: SessionManager, staleToken: string, signal: AbortSignal): Promise<string> {
  const state = session.get();
  const isRenewed = state.status === 'signedIn' && state.session.accessToken !== staleToken;
  if (!isRenewed) {
    await session.renew().catch((error: unknown) => {
      if (!isUnauthenticated(error)) throw error;
    });
  }
  return tokenFor(session, signal);
}
