// Who is signed in, and the access token that goes with it. The session itself is a cookie that no script can see; the
// token is kept here alone, in memory, and renewed before it ends.
import { type Client, createClient, type Transport } from '@connectrpc/connect';

import { isUnauthenticated } from '../api/failure';
import { type Observable, Store } from '../api/store';
import { toDate } from '../api/timestamps';
import { type Session, SessionService } from '../gen/satudata/integration/v1/session_service_pb';
import type { SessionChannel } from './sessionChannel';

export type SessionState =
  | { status: 'starting' }
  | { status: 'signedOut'; portalRefused?: boolean }
  /** It ended while somebody worked: what is on screen stays for when they are back. */
  | { status: 'ended'; session: Session }
  | { status: 'signedIn'; session: Session };

const RENEW_AHEAD_MS = 60_000;
const SHORTEST_RENEWAL_MS = 20_000; // also where this machine's clock is wrong
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class SessionManager implements Observable<SessionState> {
  private readonly store = new Store<SessionState>({ status: 'starting' });
  private readonly client: Client<typeof SessionService>;
  private renewTimer: ReturnType<typeof setTimeout> | undefined;
  private renewal: Promise<Session> | undefined;
  /** Moves on when somebody signs out: a renewal from before that counts no more. */
  private epoch = 0;

  /** `transport` brings no token of its own. */
  constructor(
    transport: Transport,
    private readonly channel: SessionChannel,
  ) {
    this.client = createClient(SessionService, transport);
    channel.listen((change) => this.hear(change));
  }

  readonly get = this.store.get;
  readonly subscribe = this.store.subscribe;

  signInOptions = () => this.client.getSignInOptions({});

  /** Finds out whether somebody is signed in; `portalToken` opens a session with it first. Throws when it cannot tell. */
  async start(portalToken?: string): Promise<void> {
    try {
      if (portalToken !== undefined) await this.adopt(portalToken);
      else await this.renew();
    } catch (error) {
      if (!isUnauthenticated(error)) throw error;
    }
    if (this.get().status !== 'starting') return;
    this.store.set({ status: 'signedOut' });
  }

  async signIn(username: string, password: string): Promise<void> {
    this.welcome(await this.client.signIn({ username, password }));
  }

  /** Ends the session here and in the other tabs, also when the server cannot be told. */
  async signOut(): Promise<void> {
    this.leave();
    this.channel.tell('signedOut');
    await this.client.signOut({});
  }

  /** The token for a call; renewed first when it is about to end. Waits while an ended session is signed in again. */
  async token(signal?: AbortSignal): Promise<string> {
    const state = this.get();
    if (state.status === 'signedIn') return state.session.accessToken;
    if (state.status === 'ended') return this.nextSignIn(state.session.username, signal);
    throw new Error('nobody is signed in');
  }

  /** Renews the token, once for all who ask meanwhile, in this tab and (where the browser can) in the others. */
  renew(): Promise<Session> {
    this.renewal ??= this.askForRenewal().finally(() => (this.renewal = undefined));
    return this.renewal;
  }

  private async askForRenewal(): Promise<Session> {
    const { epoch } = this;
    try {
      const session = await this.channel.exclusively(() => this.client.refreshSession({}));
      if (epoch === this.epoch) this.accept(session);
      return session;
    } catch (error) {
      if (epoch === this.epoch && isUnauthenticated(error)) this.end();
      throw error;
    }
  }

  /** For a portal's token that comes while the page is open: whoever it is for takes over. */
  async adopt(portalToken: string): Promise<void> {
    try {
      this.welcome(await this.client.adoptToken({}, { headers: { authorization: `Bearer ${portalToken}` } }));
    } catch (error) {
      const isNobodyHere = this.get().status !== 'signedIn' && this.get().status !== 'ended';
      if (isUnauthenticated(error) && isNobodyHere) this.store.set({ status: 'signedOut', portalRefused: true });
      throw error;
    }
  }

  private welcome(session: Session): void {
    this.accept(session);
    this.channel.tell('signedIn');
  }

  private accept(session: Session): void {
    this.store.set({ status: 'signedIn', session });
    clearTimeout(this.renewTimer);
    const lifeMs = (toDate(session.accessExpireTime)?.getTime() ?? 0) - Date.now();
    const wait = Math.min(Math.max(lifeMs - RENEW_AHEAD_MS, SHORTEST_RENEWAL_MS), LONGEST_TIMER_MS);
    this.renewTimer = setTimeout(() => void this.renew().catch(() => undefined), wait);
  }

  private end(): void {
    clearTimeout(this.renewTimer);
    const state = this.get();
    if (state.status === 'signedIn') this.store.set({ status: 'ended', session: state.session });
  }

  private leave(): void {
    this.epoch += 1;
    clearTimeout(this.renewTimer);
    this.store.set({ status: 'signedOut' });
  }

  /** What happened in another tab: all of them share one session. */
  private hear(change: 'signedIn' | 'signedOut'): void {
    if (change === 'signedOut') this.leave();
    else void this.renew().catch(() => undefined);
  }

  /** Somebody else's signing in does not count: the call was not theirs. */
  private nextSignIn(username: string, signal?: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const state = this.get();
        if (state.status === 'ended' && !signal?.aborted) return;
        unsubscribe();
        signal?.removeEventListener('abort', check);
        const isBack = state.status === 'signedIn' && state.session.username === username;
        if (isBack && !signal?.aborted) resolve(state.session.accessToken);
        else reject(new Error('nobody is signed in'));
      };
      const unsubscribe = this.subscribe(check);
      signal?.addEventListener('abort', check);
      check();
    });
  }
}
