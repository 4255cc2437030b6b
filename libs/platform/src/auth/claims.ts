import { TokenRefused, type InstallationRole } from './principal.js';

export type Claims = Readonly<Record<string, unknown>>;

export interface RoleMapping {
  /** A claim's whole name (`https://example.org/roles`) or a dotted path (`realm_access.roles`). */
  readonly rolesClaim: string;
  readonly operatorRole: string;
  readonly auditorRole: string;
}

export function rolesOf(claims: Claims, mapping: RoleMapping): InstallationRole[] {
  const named = new Set(texts(claimAt(claims, mapping.rolesClaim)));
  const roles: InstallationRole[] = [];
  if (named.has(mapping.operatorRole)) roles.push('operator');
  if (named.has(mapping.auditorRole)) roles.push('auditor');
  return roles;
}

export function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split('.').reduce<unknown>((value, key) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && Object.hasOwn(value, key) ? (value as Claims)[key] : undefined;
  }, claims);
}

/**
 * `aud` decides where there is one. Providers that send none name the client instead (`client_id`, or `azp`): that
 * counts only then, because a token for another audience may well come from our client.
 */
export function assertAudience(claims: Claims, audiences: readonly string[]): void {
  const { aud } = claims;
  const named = aud === undefined ? [claims['client_id'], claims['azp']] : [aud].flat();
  if (!audiences.some((audience) => named.includes(audience))) throw new TokenRefused('made for another audience');
}

const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];
const ACCESS_TOKEN_TYPES = new Set(['bearer', 'at+jwt', 'access']);

/**
 * An ID token tells a client who signed in; whoever gets hold of one must not be able to act with it. It is refused by
 * what only ID tokens carry, and, because some providers send bare ones, also when nothing says it is for access.
 */
export function assertAccessToken(claims: Claims, headerType: string | undefined, audiences: readonly string[]): void {
  const carried = ID_TOKEN_CLAIMS.find((name) => claims[name] !== undefined);
  if (carried !== undefined) throw new TokenRefused(`an ID token: it carries ${carried}`);
  const use = claims['token_use'];
  if (use !== undefined && use !== 'access') throw new TokenRefused('token_use is not access');
  const type = claims['typ'];
  if (type !== undefined && !(typeof type === 'string' && ACCESS_TOKEN_TYPES.has(type.toLowerCase()))) {
    throw new TokenRefused('typ in the claims is not that of an access token');
  }
  if (claims['events'] !== undefined) throw new TokenRefused('a security event, not a token');
  const saysAccess =
    headerType === 'at+jwt' ||
    claims['aud'] === undefined ||
    use !== undefined ||
    type !== undefined ||
    ['scope', 'scp', 'scopes', 'permissions', 'session_id', 'gty'].some((name) => claims[name] !== undefined) ||
    ['azp', 'client_id', 'cid', 'appid'].some((name) => namesAnother(claims[name], audiences));
  if (!saysAccess) throw new TokenRefused('nothing says that it is an access token');
}

/** A client that asks for an API is not the API; in a bare ID token both are the client. */
function namesAnother(client: unknown, audiences: readonly string[]): boolean {
  return typeof client === 'string' && !audiences.includes(client);
}

const MAX_NAME_LENGTH = 200;
const MAX_EMAIL_LENGTH = 320;

/** Name and e-mail where the provider sends them; an address it calls unverified is left out. */
export function profileOf(claims: Claims): { name?: string; email?: string } {
  const name = shortText(claims['name'], MAX_NAME_LENGTH);
  const isUnverified = claims['email_verified'] === false || claims['email_verified'] === 'false';
  const email = isUnverified ? undefined : shortText(claims['email'], MAX_EMAIL_LENGTH);
  return { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }) };
}

function shortText(value: unknown, maxLength: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' || text.length > maxLength ? undefined : text;
}

/** Roles come as a list, as one string with spaces or commas, or as an object with a member for each role. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/[\s,]+/);
  if (Array.isArray(value)) return value.filter((item): item is string => typeof item === 'string');
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
