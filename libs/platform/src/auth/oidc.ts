import { DaybookError, type Clock, type Log } from '@daybook/kernel';
import { jwtVerify, type JWTPayload } from 'jose';
import type { OidcConfig } from '../config/index.js';
import { assertAccessToken, assertAudience, profileOf, rolesOf } from './claims.js';
import { DEV_ISSUER } from './dev-issuer.js';
import type { HttpGet } from './http-get.js';
import { KeyCache } from './key-cache.js';
import { assertSafeUrl, fetchKeys } from './key-source.js';
import { TokenRefused, assertTokenShape, bearerToken, unauthenticated, type Authenticator, type Principal } from './principal.js';
import { ALGORITHMS, assertTokenParts } from './token-parts.js';

export interface OidcOptions {
  readonly settings: OidcConfig;
  /** Daybook's own id for a subject, keyed with a secret of the vault: forgetting the person unlinks it. */
  readonly deriveUserId: (issuer: string, subject: string) => string | Promise<string>;
  readonly httpGet: HttpGet;
  readonly clock: Clock;
  readonly log: Log;
  /** For one look at the issuer's keys; 3 s unless given. */
  readonly fetchWithinMs?: number;
}

export interface OidcAuthenticator extends Authenticator {
  /** Milliseconds since the issuer's keys were fetched; undefined before the first time. */
  keyAgeMs(): number | undefined;
}

const CLOCK_SKEW_SECONDS = 60;
const MAX_SUBJECT_LENGTH = 255;
const FETCH_WITHIN_MS = 3_000;

/** Verifies access tokens of one OpenID Connect issuer (RFC 8725, RFC 9068). What is refused says why to the log only. */
export function createOidcAuthenticator(options: OidcOptions): OidcAuthenticator {
  assertConfigured(options.settings);
  const { settings, httpGet, clock, log, fetchWithinMs = FETCH_WITHIN_MS } = options;
  const { issuer, jwksUrl } = settings;
  const source = { issuer, jwksUrl, httpGet, clock, fetchWithinMs };
  const keys = new KeyCache({ fetchKeys: () => fetchKeys(source), clock, log });

  const authenticateToken = async (token: string): Promise<Principal> => {
    const claims = await verify(token, keys, options);
    return {
      userId: await options.deriveUserId(issuer, claims.sub),
      roles: rolesOf(claims, settings),
      ...profileOf(claims),
      tokenExpiresAt: claims.exp * 1000,
      authMode: 'oidc',
    };
  };
  return {
    authenticateToken,
    async authenticate(authorizationHeader) {
      const token = bearerToken(authorizationHeader);
      if (token === undefined) throw unauthenticated();
      return authenticateToken(token);
    },
    keyAgeMs: () => keys.ageMs(),
  };
}

function assertConfigured({ issuer, audiences, jwksUrl }: OidcConfig): void {
  if (issuer === DEV_ISSUER) throw new Error('AUTH_ISSUER must not be the issuer of dev tokens');
  assertSafeUrl(issuer, 'AUTH_ISSUER');
  if (jwksUrl !== undefined) assertSafeUrl(jwksUrl, 'AUTH_JWKS_URL');
  if (audiences.length === 0) throw new Error('AUTH_AUDIENCE must name this API');
}

type VerifiedClaims = JWTPayload & { readonly sub: string; readonly exp: number };

async function verify(token: string, keys: KeyCache, options: OidcOptions): Promise<VerifiedClaims> {
  const { settings, clock, log } = options;
  try {
    assertTokenShape(token);
    const headerType = assertTokenParts(token, settings.requireAtJwt);
    const { payload } = await jwtVerify(token, (header) => keys.keyFor(header), {
      algorithms: [...ALGORITHMS],
      issuer: settings.issuer,
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(clock.now()),
      maxTokenAge: settings.maxTokenAgeMilliseconds / 1000,
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    assertAudience(payload, settings.audiences);
    assertAccessToken(payload, headerType, settings.audiences);
    const { sub, exp } = payload;
    if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT_LENGTH) {
      throw new TokenRefused('the subject is no text of 1 to 255 characters');
    }
    if (typeof exp !== 'number') throw new TokenRefused('exp is not a number');
    return { ...payload, sub, exp };
  } catch (error) {
    if (error instanceof DaybookError) throw error;
    log.info('A token was refused', { reason: error instanceof Error ? error.message : 'unknown' });
    throw unauthenticated();
  }
}
