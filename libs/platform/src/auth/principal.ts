import { DaybookError } from '@daybook/kernel';

/** Roles over the whole installation; roles inside a family are facts of the family, not of a token. */
export type InstallationRole = 'operator' | 'auditor';

/** The person a valid token speaks for. */
export interface Principal {
  /** Daybook's own id, never an issuer's subject. */
  readonly userId: string;
  readonly roles: readonly InstallationRole[];
  readonly name?: string;
  readonly email?: string;
  /** Milliseconds since 1970; live sockets close before. */
  readonly tokenExpiresAt: number;
  readonly authMode: 'dev' | 'oidc';
}

export interface Authenticator {
  /** Throws UNAUTHENTICATED, in one shape whatever was wrong, or AUTH_UNAVAILABLE when nothing can be verified now. */
  authenticate(authorizationHeader: string | undefined): Promise<Principal>;
  /** The same for a token that comes without a header (the live socket's first frame). */
  authenticateToken(token: string): Promise<Principal>;
}

/** The reason is for the log; the caller reads the same sentence always. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

export function unauthenticated(): DaybookError {
  return new DaybookError('UNAUTHENTICATED', 'This needs a valid access token.');
}

/** Larger than any token of a common provider, smaller than the header limit. */
const MAX_TOKEN_LENGTH = 8192;

export function assertTokenShape(token: string): void {
  if (token.length > MAX_TOKEN_LENGTH) throw new TokenRefused('longer than 8 KiB');
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(token)) throw new TokenRefused('not a signed JWT');
}

/** RFC 6750: the scheme is case-insensitive, exactly one space-separated token follows. */
export function bearerToken(authorizationHeader: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(authorizationHeader ?? '')?.[1];
}
