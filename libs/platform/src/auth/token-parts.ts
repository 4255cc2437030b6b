import { JsonRefused, parseStrictJson } from '../http/strict-json.js';
import { TokenRefused } from './principal.js';

/** Signatures with a private key only. A list of ours: what the token asks for is never the reason to accept it. */
export const ALGORITHMS: ReadonlySet<string> = new Set(['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519']);

/** Each would let the token say which key verifies it, or change what is signed. */
const REFUSED_PARAMETERS = ['crit', 'jku', 'jwk', 'x5u', 'x5c', 'b64', 'zip', 'enc', 'cty'];
const ACCEPTED_TYPES = new Set(['jwt', 'at+jwt']);
const MAX_KEY_ID_LENGTH = 256;
const LIMITS = { depth: 20, arrayLength: 1000, exactNumbers: false };

/**
 * What is looked at before any key: header and claims are JSON objects without a name given twice (RFC 7519 §4 lets
 * readers differ on which one counts), and the header asks for nothing special. Answers the normalised `typ`.
 */
export function assertTokenParts(token: string, requireAtJwt: boolean): string | undefined {
  const [encodedHeader = '', encodedClaims = ''] = token.split('.');
  const header = jsonObject(encodedHeader, 'header');
  jsonObject(encodedClaims, 'claims');
  const { alg, kid } = header;
  if (typeof alg !== 'string' || !ALGORITHMS.has(alg)) throw new TokenRefused('signed with another algorithm');
  const refused = REFUSED_PARAMETERS.find((name) => header[name] !== undefined);
  if (refused !== undefined) throw new TokenRefused(`the header carries ${refused}`);
  const isKeyIdUsable = typeof kid === 'string' && kid !== '' && kid.length <= MAX_KEY_ID_LENGTH;
  if (kid !== undefined && !isKeyIdUsable) throw new TokenRefused('the key id is no text of 1 to 256 characters');
  return tokenType(header['typ'], requireAtJwt);
}

function tokenType(typ: unknown, requireAtJwt: boolean): string | undefined {
  if (typ !== undefined && typeof typ !== 'string') throw new TokenRefused('typ is no text');
  const type = typ?.toLowerCase().replace(/^application\//, '');
  if (type !== undefined && !ACCEPTED_TYPES.has(type)) throw new TokenRefused('typ is that of another kind of token');
  if (requireAtJwt && type !== 'at+jwt') throw new TokenRefused('typ is not at+jwt');
  return type;
}

function jsonObject(encoded: string, what: string): Record<string, unknown> {
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.toString('base64url') !== encoded) throw new TokenRefused(`the ${what} is not canonical base64url`);
  try {
    const value = parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), LIMITS);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    const reason = error instanceof JsonRefused ? error.message : 'it is not UTF-8';
    throw new TokenRefused(`the ${what} cannot be read: ${reason}`);
  }
  throw new TokenRefused(`the ${what} is not an object`);
}
