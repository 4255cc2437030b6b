import type { Clock, DaybookError, Log, Random } from '@daybook/kernel';
import { SignJWT, jwtVerify } from 'jose';
import { isLoopbackHost } from '../system/loopback.js';
import { validationFailed } from '../http/validation.js';
import { profileOf, rolesOf } from './claims.js';
import { devSigningKey } from './dev-key.js';
import { DEV_ISSUER } from './dev-issuer.js';
import { assertTokenShape, bearerToken, TokenRefused, unauthenticated, type Authenticator, type Principal } from './principal.js';

/**
 * Tokens for trying things out: whoever reaches the server may be anybody. Loaded only by `createAuthenticator`, only
 * in dev mode; refuses to exist where others could reach it.
 */
const AUDIENCE = 'daybook-dev';
const TOKEN_TYPE = 'daybook-dev+jwt';
const ALGORITHM = 'HS256';
const DEFAULT_LIFE_SECONDS = 8 * 3600;
const MAX_LIFE_SECONDS = 30 * 24 * 3600;
const CLOCK_SKEW_SECONDS = 60;
const ROLE_MAPPING = { rolesClaim: 'roles', operatorRole: 'operator', auditorRole: 'auditor' };
const USER_ID = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/;

export interface DevTokenRequest {
  readonly userId: string;
  readonly name?: string;
  readonly email?: string;
  /** `operator`, `auditor`; others are carried and mean nothing. */
  readonly roles?: readonly string[];
  /** Seconds; 8 hours unless given, 30 days at most. */
  readonly expiresIn?: number;
}

export interface DevToken {
  readonly token: string;
  readonly userId: string;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
}

export interface DevAuthenticator extends Authenticator {
  issueDevToken(request: DevTokenRequest): Promise<DevToken>;
}

export interface DevAuthOptions {
  readonly keyFile: string;
  readonly host: string;
  readonly isProduction: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export async function createDevAuthenticator(options: DevAuthOptions): Promise<DevAuthenticator> {
  if (options.isProduction) throw new Error('AUTH_MODE=dev is refused with NODE_ENV=production; use AUTH_MODE=oidc');
  if (!isLoopbackHost(options.host)) {
    throw new Error(`AUTH_MODE=dev is refused on ${options.host}, which others can reach; use AUTH_MODE=oidc`);
  }
  const key = await devSigningKey(options.keyFile, options.random);
  const authenticateToken = (token: string) => verifyDevToken(token, key, options);
  return {
    issueDevToken: (request) => issue(request, key, options),
    authenticateToken,
    async authenticate(authorizationHeader) {
      const token = bearerToken(authorizationHeader);
      if (token === undefined) throw unauthenticated();
      return authenticateToken(token);
    },
  };
}

async function issue(request: DevTokenRequest, key: Uint8Array, { clock, random }: DevAuthOptions): Promise<DevToken> {
  const { userId, name, email, roles = [], expiresIn = DEFAULT_LIFE_SECONDS } = request;
  if (typeof userId !== 'string' || !USER_ID.test(userId)) throw refused('/userId', 'Expected 1 to 128 letters, digits and . _ : @ -');
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > MAX_LIFE_SECONDS) {
    throw refused('/expiresIn', 'Expected whole seconds, 30 days at most');
  }
  const now = Math.floor(clock.now() / 1000);
  const token = await new SignJWT({ roles: [...roles], ...(name && { name }), ...(email && { email }) })
    .setProtectedHeader({ alg: ALGORITHM, typ: TOKEN_TYPE })
    .setIssuer(DEV_ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(userId)
    .setJti(random.uuid())
    .setIssuedAt(now)
    .setExpirationTime(now + expiresIn)
    .sign(key);
  return { token, userId, expiresAt: new Date((now + expiresIn) * 1000).toISOString() };
}

function refused(pointer: string, message: string): DaybookError {
  return validationFailed([{ pointer, code: 'invalid_value', message }]);
}

async function verifyDevToken(token: string, key: Uint8Array, { clock, log }: DevAuthOptions): Promise<Principal> {
  try {
    assertTokenShape(token);
    const { payload } = await jwtVerify(token, key, {
      algorithms: [ALGORITHM],
      typ: TOKEN_TYPE,
      issuer: DEV_ISSUER,
      audience: AUDIENCE,
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(clock.now()),
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    const { sub: userId = '', exp = 0 } = payload;
    if (!USER_ID.test(userId)) throw new TokenRefused('a subject that is no user id');
    return {
      userId,
      roles: rolesOf(payload, ROLE_MAPPING),
      ...profileOf(payload),
      tokenExpiresAt: exp * 1000,
      authMode: 'dev',
    };
  } catch (error) {
    log.info('A dev token was refused', { reason: error instanceof Error ? error.message : 'unknown' });
    throw unauthenticated();
  }
}
