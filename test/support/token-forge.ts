import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  sign as signBytes,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';

export type ForgeAlgorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

export interface ForgeKey {
  readonly alg: ForgeAlgorithm;
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicJwk: JsonWebKey & { kid: string; alg: string; use: string };
}

/** Makes keys and tokens by hand, well or badly formed: a library would refuse to make the bad ones. */
export function forgeKey(alg: ForgeAlgorithm, kid: string): ForgeKey {
  const { privateKey } = keyPair(alg);
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  return { alg, kid, privateKey, publicJwk: { ...jwk, kid, alg, use: 'sig' } };
}

export function encodePart(part: unknown): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}

/** Header and claims may be objects or the exact JSON text. */
export function forgeToken(header: unknown, claims: unknown, key: ForgeKey): string {
  const input = `${encodePart(header)}.${encodePart(claims)}`;
  return `${input}.${signatureOver(input, key).toString('base64url')}`;
}

export function macToken(header: unknown, claims: unknown, secret: string | Buffer, digest: string): string {
  const input = `${encodePart(header)}.${encodePart(claims)}`;
  return `${input}.${createHmac(digest, secret).update(input).digest('base64url')}`;
}

export function signatureOver(input: string, { alg, privateKey }: ForgeKey): Buffer {
  const bytes = Buffer.from(input);
  switch (alg) {
    case 'RS256':
      return signBytes('sha256', bytes, privateKey);
    case 'PS256':
      return signBytes('sha256', bytes, { key: privateKey, padding: 6, saltLength: 32 });
    case 'ES256':
      return signBytes('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    case 'EdDSA':
      return signBytes(null, bytes, privateKey);
    default:
      alg satisfies never;
      throw new Error('unknown algorithm');
  }
}

function keyPair(alg: ForgeAlgorithm): { privateKey: KeyObject } {
  switch (alg) {
    case 'RS256':
    case 'PS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
    default:
      alg satisfies never;
      throw new Error('unknown algorithm');
  }
}
