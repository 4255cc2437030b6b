import type { Clock } from '@daybook/kernel';
import type { JSONWebKeySet, JWK } from 'jose';
import { isLoopbackHost } from '../system/loopback.js';
import type { HttpGet } from './http-get.js';

export interface KeySourceOptions {
  readonly issuer: string;
  /** undefined: the issuer's discovery document names it. */
  readonly jwksUrl: string | undefined;
  readonly httpGet: HttpGet;
  readonly clock: Clock;
  /** For discovery and keys together. */
  readonly fetchWithinMs: number;
}

const MAX_DOCUMENT_BYTES = 256 * 1024;
const MAX_KEYS = 100;
const USABLE_TYPES = new Set(['RSA', 'EC', 'OKP']);

/** Fetches the issuer's public keys, by discovery unless an address is configured. Throws when there is none to use. */
export async function fetchKeys(options: KeySourceOptions): Promise<JSONWebKeySet> {
  const { clock, fetchWithinMs, httpGet } = options;
  const deadline = clock.monotonic() + fetchWithinMs;
  const get = async (url: string): Promise<Record<string, unknown>> => {
    const withinMs = Math.max(1, deadline - clock.monotonic());
    return asObject(await httpGet(url, { withinMs, maxBytes: MAX_DOCUMENT_BYTES }), url);
  };
  const url = options.jwksUrl ?? discoveredUrl(await get(discoveryUrl(options.issuer)), options.issuer);
  const { keys } = await get(url);
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw new Error(`${url} is not a set of at most 100 keys`);
  const usable = keys.filter(isUsableKey).map(publicPart);
  if (usable.length === 0) throw new Error(`${url} has no key that can verify a signature`);
  return { keys: usable };
}

export function assertSafeUrl(url: string, name: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isSafe = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopbackHost(parsed.host));
  if (!isSafe) throw new Error(`${name} must be an https address: ${url}`);
}

function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

/** A discovery document that speaks of another issuer would let that one sign for ours. */
function discoveredUrl(document: Record<string, unknown>, issuer: string): string {
  if (document['issuer'] !== issuer) throw new Error(`the discovery document of ${issuer} names another issuer`);
  const url = document['jwks_uri'];
  if (typeof url !== 'string') throw new Error(`the discovery document of ${issuer} names no jwks_uri`);
  assertSafeUrl(url, 'jwks_uri');
  return url;
}

function asObject(text: string, url: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${url} did not answer JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`${url} did not answer a JSON object`);
  }
  return value as Record<string, unknown>;
}

/** Symmetric keys never count: anybody who can read the set could sign with them. */
function isUsableKey(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, use } = key as JWK;
  return typeof kty === 'string' && USABLE_TYPES.has(kty) && (use === undefined || use === 'sig');
}

/** Only what verifying needs. Certificates and their addresses are never looked at. */
function publicPart(key: JWK): JWK {
  const { kty, kid, alg, use, crv, x, y, n, e } = key;
  return Object.fromEntries(Object.entries({ kty, kid, alg, use, crv, x, y, n, e }).filter(([, value]) => value !== undefined));
}
