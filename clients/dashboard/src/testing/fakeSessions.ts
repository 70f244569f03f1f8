import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, type ServiceImpl } from '@connectrpc/connect';

import { type Session, SessionSchema, type SessionService } from '../gen/satudata/integration/v1/session_service_pb';
import { refusal } from './errors';

export type Role = 'Admin' | 'Operator' | 'Validator' | 'Viewer';
export type SessionMethods = Partial<ServiceImpl<typeof SessionService>>;

const PERMISSIONS: Record<Role, string[]> = {
  Admin: ['read', 'verify', 'sync', 'manage-catalog', 'manage-targets', 'manage-accounts'],
  Operator: ['read', 'verify', 'sync', 'manage-catalog', 'manage-targets'],
  Validator: ['read', 'verify'],
  Viewer: ['read'],
};

/** One browser's session: its cookie is the field `current`. */
export class FakeSessions {
  options = { password: true, portalUrl: '' };
  password = 'rahasia-sekali';
  lifeMs = 600_000;
  private current: { role: Role; username: string } | undefined;
  private readonly tokens = new Set<string>();
  private count = 0;

  open(role: Role, username: string): void {
    this.current = { role, username };
  }

  /** The session is over: the cookie is worth nothing, nor is any token. */
  end(): void {
    this.current = undefined;
    this.tokens.clear();
  }

  /** Access tokens are over; the session is not. */
  expireTokens(): void {
    this.tokens.clear();
  }

  knows(token: string | null): boolean {
    return token !== null && this.tokens.has(token);
  }

  methods(): SessionMethods {
    return {
      getSignInOptions: () => this.options,
      signIn: ({ username, password }) => {
        if (password !== this.password) {
          throw refusal(Code.Unauthenticated, 'SIGN_IN_REFUSED', 'Nama pengguna atau kata sandi tidak cocok.');
        }
        this.open('Operator', username);
        return this.issue();
      },
      adoptToken: (_, { requestHeader }) => {
        if (requestHeader.get('authorization') !== 'Bearer portal-token') {
          throw refusal(Code.Unauthenticated, 'TOKEN_INVALID', 'Token masuk tidak diterima.');
        }
        this.open('Validator', 'dari-portal');
        return this.issue();
      },
      refreshSession: () => this.issue(),
      signOut: () => {
        this.end();
        return {};
      },
    };
  }

  private issue(): Session {
    if (!this.current) throw refusal(Code.Unauthenticated, 'SESSION_ENDED', 'Sesi Anda sudah berakhir.');
    this.count += 1;
    const accessToken = `token-${this.count}`;
    this.tokens.add(accessToken);
    const { role, username } = this.current;
    return create(SessionSchema, {
      accessToken,
      username,
      role,
      permissions: PERMISSIONS[role],
      accessExpireTime: timestampFromMs(Date.now() + this.lifeMs),
      expireTime: timestampFromMs(Date.now() + 12 * 3_600_000),
    });
  }
}
