import { createHmac, createPublicKey, sign as signBytes } from 'node:crypto';
import { encodePart, forgeToken, macToken, signatureOver, type ForgeKey } from './token-forge.js';

export interface HostileContext {
  /** Published by the issuer. */
  readonly key: ForgeKey;
  /** Another published key, of another kind. */
  readonly otherKey: ForgeKey;
  /** The attacker's own key, not published, that claims the published key's id. */
  readonly attackerKey: ForgeKey;
  /** Claims that are accepted as they stand. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Seconds. */
  readonly now: number;
}

export interface HostileToken {
  readonly name: string;
  readonly token: string;
}

/** Every way we know to make a token that must not be accepted, for one key. */
export function hostileTokens(context: HostileContext): HostileToken[] {
  return [
    ...algorithmAttacks(context),
    ...headerAttacks(context),
    ...claimAttacks(context),
    ...signatureAttacks(context),
    ...structureAttacks(context),
  ];
}

function goodHeader({ key }: HostileContext): Record<string, unknown> {
  return { alg: key.alg, kid: key.kid, typ: 'JWT' };
}

function algorithmAttacks(context: HostileContext): HostileToken[] {
  const { key, otherKey, claims } = context;
  const header = goodHeader(context);
  const unsigned = ['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg) => {
    const input = `${encodePart({ ...header, alg })}.${encodePart(claims)}`;
    return [
      { name: `alg ${alg} with no signature`, token: `${input}.` },
      { name: `alg ${alg} with no signature part`, token: input },
      { name: `alg ${alg} with a real signature`, token: `${input}.${signatureOver(input, key).toString('base64url')}` },
    ];
  });
  const secrets: [string, string | Buffer][] = [
    ['the public key as PEM', pem(key)],
    ['the public key as PEM without its last line end', pem(key).trim()],
    ['the public key as JWK', JSON.stringify(key.publicJwk)],
    ['the public key as DER', Buffer.from(pem(key).replace(/-----[^-]+-----|\s/g, ''), 'base64')],
    ['the modulus or coordinate', Buffer.from(key.publicJwk.n ?? key.publicJwk.x ?? '', 'base64url')],
    ['nothing', ''],
    ['the key id', key.kid],
    ['the word secret', 'secret'],
  ];
  const symmetric = secrets.flatMap(([what, secret]) =>
    [256, 384, 512].map((bits) => ({
      name: `HS${bits} with ${what} as the secret`,
      token: macToken({ ...header, alg: `HS${bits}` }, claims, secret, `sha${bits}`),
    })),
  );
  const mislabelled = ['RS384', 'RS512', 'ES384', 'ES256K', 'PS512', 'RS1', 'HS256', 'RSA-OAEP', 'dir', otherKey.alg].map(
    (alg) => ({ name: `alg ${alg} on a signature of ${key.alg}`, token: forgeToken({ ...header, alg }, claims, key) }),
  );
  const illTyped = [undefined, null, 1, true, [key.alg], { alg: key.alg }, key.alg.toLowerCase(), ` ${key.alg}`].map(
    (alg) => ({ name: `alg is ${JSON.stringify(alg)}`, token: forgeToken({ ...header, alg }, claims, key) }),
  );
  return [...unsigned, ...symmetric, ...mislabelled, ...illTyped];
}

function headerAttacks(context: HostileContext): HostileToken[] {
  const { key, otherKey, attackerKey, claims } = context;
  const header = goodHeader(context);
  const wrongKeys: [string, unknown][] = [
    ['a path', '../../../../dev/null'],
    ['an absolute path', '/dev/null'],
    ['SQL', "x' UNION SELECT 'key"],
    ['an address', 'https://evil.example/jwks.json'],
    ['a command', '$(id)'],
    ['another published key', otherKey.kid],
    ['unknown', 'nobody'],
    ['empty', ''],
    ['a number', 1],
    ['null', null],
    ['a list', [key.kid]],
    ['an object', { kid: key.kid }],
    ['huge', 'k'.repeat(257)],
    ['a prototype name', '__proto__'],
    ['cut off by a NUL', `${key.kid}\0`],
    ['in other case', key.kid.toUpperCase()],
  ];
  const byKeyId = wrongKeys.map(([what, kid]) => ({
    name: `kid is ${what}`,
    token: forgeToken({ ...header, kid }, claims, key),
  }));
  const ownKey: [string, Record<string, unknown>][] = [
    ['jwk', { jwk: attackerKey.publicJwk }],
    ['jku', { jku: 'https://evil.example/jwks.json' }],
    ['jku on our issuer', { jku: `${String(claims['iss'])}/../evil` }],
    ['x5u', { x5u: 'https://evil.example/cert.pem' }],
    ['x5c', { x5c: ['MIIB'] }],
  ];
  const special: [string, Record<string, unknown>][] = [
    ...ownKey,
    ['crit', { crit: ['exp'] }],
    ['crit of an unknown extension', { crit: ['x'], x: 1 }],
    ['an empty crit', { crit: [] }],
    ['b64', { b64: false, crit: ['b64'] }],
    ['zip', { zip: 'DEF' }],
    ['enc', { enc: 'A256GCM' }],
    ['cty', { cty: 'JWT' }],
  ];
  const types = ['ID', 'dpop+jwt', 'logout+jwt', 'secevent+jwt', 'JWE', 'id_token', 'daybook-dev+jwt', '', 1, null];
  return [
    ...byKeyId,
    ...special.map(([what, more]) => ({ name: `header has ${what}`, token: forgeToken({ ...header, ...more }, claims, key) })),
    ...ownKey.flatMap(([what, more]) => [
      { name: `${what} and the attacker's signature`, token: forgeToken({ ...header, ...more }, claims, attackerKey) },
      {
        name: `${what}, the attacker's signature and no kid`,
        token: forgeToken({ ...header, kid: undefined, ...more }, claims, attackerKey),
      },
    ]),
    ...types.map((typ) => ({ name: `typ is ${JSON.stringify(typ)}`, token: forgeToken({ ...header, typ }, claims, key) })),
  ];
}

function claimAttacks(context: HostileContext): HostileToken[] {
  const { key, claims, now } = context;
  const issuer = String(claims['iss']);
  const audience = String(claims['aud']);
  const wrong: [string, unknown[]][] = [
    ['iss', [undefined, null, '', 1, [issuer], `${issuer}/`, issuer.toUpperCase(), `${issuer}.evil.example`, 'urn:daybook:dev-tokens', ` ${issuer}`]],
    ['aud', [null, '', 1, [], [null], {}, `${audience}/`, audience.toUpperCase(), `${audience} other`, ['other'], [[audience]]]],
    ['exp', [undefined, null, '', true, [], String(now + 900), now - 61, now - 86_400, 0, -1, { value: now + 900 }]],
    ['nbf', [now + 120, now + 86_400, String(now), null, []]],
    ['iat', [undefined, null, String(now), now + 120, now + 86_400, now - 86_400 - 120, 0, []]],
    ['sub', [undefined, null, '', 1, ['a'], {}, 's'.repeat(256)]],
    ['nonce', ['n', 1]],
    ['at_hash', ['h']],
    ['c_hash', ['h']],
    ['s_hash', ['h']],
    ['token_use', ['id', 'refresh', '', null]],
    ['typ', ['ID', 'Refresh', 'Offline', 'Logout', 'daybook-dev+jwt', 1]],
    ['events', [{ 'http://schemas.openid.net/event/backchannel-logout': {} }]],
  ];
  const header = goodHeader(context);
  const noAudience = { ...claims, aud: undefined };
  return [
    ...wrong.flatMap(([name, values]) =>
      values.map((value) => ({
        name: `${name} is ${JSON.stringify(value)?.slice(0, 60)}`,
        token: forgeToken(header, { ...claims, [name]: value }, key),
      })),
    ),
    ...(['azp', 'client_id'] as const).flatMap((name) => [
      {
        name: `another aud while ${name} is ours`,
        token: forgeToken(header, { ...claims, aud: 'other', [name]: audience }, key),
      },
      {
        name: `no aud and ${name} is a list with ours`,
        token: forgeToken(header, { ...noAudience, azp: undefined, client_id: undefined, [name]: [audience] }, key),
      },
    ]),
    { name: 'no aud, azp or client_id', token: forgeToken(header, { ...noAudience, azp: undefined, client_id: undefined }, key) },
  ];
}

function signatureAttacks(context: HostileContext): HostileToken[] {
  const { key, otherKey, attackerKey, claims } = context;
  const header = goodHeader(context);
  const good = forgeToken(header, claims, key);
  const [head = '', body = '', tail = ''] = good.split('.');
  const signature = Buffer.from(tail, 'base64url');
  const withSignature = (bytes: Buffer) => `${head}.${body}.${bytes.toString('base64url')}`;
  const flipped = [...Array(32).keys()].map((index) => {
    const bytes = Buffer.from(signature);
    const at = Math.floor((index * bytes.length) / 32);
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << index % 8), at);
    return { name: `signature with a bit flipped in byte ${at}`, token: withSignature(bytes) };
  });
  const changedClaims = ['sub', 'aud', 'exp', 'roles', 'scope', 'extra'].map((name) => ({
    name: `${name} changed after signing`,
    token: `${head}.${encodePart({ ...claims, [name]: name === 'exp' ? Number(claims['exp']) + 1 : 'changed' })}.${tail}`,
  }));
  const der = signBytes('sha256', Buffer.from(`${head}.${body}`), key.alg === 'EdDSA' ? otherKey.privateKey : key.privateKey);
  return [
    ...flipped,
    ...changedClaims,
    { name: 'header changed after signing', token: `${encodePart({ ...header, x: 1 })}.${body}.${tail}` },
    { name: 'kid taken out after signing', token: `${encodePart({ ...header, kid: undefined })}.${body}.${tail}` },
    { name: 'signed by the attacker under the published kid', token: forgeToken(header, claims, attackerKey) },
    { name: 'signed by another published key', token: forgeToken(header, claims, otherKey) },
    { name: 'signature of another token', token: `${head}.${body}.${forgeToken(header, {}, key).split('.')[2]}` },
    { name: 'signature of zeros', token: withSignature(Buffer.alloc(signature.length)) },
    { name: 'signature of ones', token: withSignature(Buffer.alloc(signature.length, 0xff)) },
    { name: 'signature cut short', token: withSignature(signature.subarray(0, -1)) },
    { name: 'signature grown', token: withSignature(Buffer.concat([signature, Buffer.from([0])])) },
    { name: 'signature of one byte', token: withSignature(Buffer.from([0])) },
    { name: 'signature twice', token: withSignature(Buffer.concat([signature, signature])) },
    { name: 'an HMAC where the signature goes', token: withSignature(createHmac('sha256', 'x').update(body).digest()) },
    ...(key.alg === 'ES256' || key.alg === 'EdDSA' ? [{ name: 'signature as DER', token: withSignature(der) }] : []),
  ];
}

function structureAttacks(context: HostileContext): HostileToken[] {
  const { key, claims } = context;
  const header = goodHeader(context);
  const good = forgeToken(header, claims, key);
  const [head = '', body = '', tail = ''] = good.split('.');
  const text = JSON.stringify(claims);
  const headerText = JSON.stringify(header);
  const resigned = (headerPart: string, claimsPart: string) => {
    const input = `${headerPart}.${claimsPart}`;
    return `${input}.${signatureOver(input, key).toString('base64url')}`;
  };
  const duplicated = Object.keys(claims).map((name) => ({
    name: `${name} given twice`,
    token: forgeToken(header, `{"${name}":${JSON.stringify(claims[name])},${text.slice(1)}`, key),
  }));
  const claimsTexts = ['', '{', 'null', '[]', '1', '"claims"', `${text}x`, `${text}${text}`, `\ufeff${text}`, '{"__proto__":{}}'];
  const broken: [string, string][] = [
    ['empty', ''],
    ['one part', head],
    ['two parts', `${head}.${body}`],
    ['four parts', `${good}.x`],
    ['five parts', `${head}.${body}.${tail}.x.y`],
    ['only dots', '..'],
    ['no header', `.${body}.${tail}`],
    ['no claims', `${head}..${tail}`],
    ['padded', `${head}=.${body}.${tail}`],
    ['with a space', `${head}. ${body}.${tail}`],
    ['with a line end', `${good}\n`],
    ['with a NUL', `${good}\0`],
    ['with letters beyond ASCII', `${good}é`],
    ['flattened JSON', JSON.stringify({ protected: head, payload: body, signature: tail })],
    ['percent-encoded', encodeURIComponent(`${good}=`)],
    ['longer than 8 KiB', forgeToken(header, { ...claims, filler: 'x'.repeat(7000) }, key)],
    ['a MiB long', 'a'.repeat(1024 * 1024)],
    ['made of dots', '.'.repeat(8000)],
    ['with loose last bits', resigned(looseBits(encodePart(withUnusedBits(header))), body)],
  ];
  return [
    ...duplicated,
    { name: 'alg given twice', token: forgeToken(`{"alg":"none",${headerText.slice(1)}`, claims, key) },
    { name: 'kid given twice', token: forgeToken(`{"kid":"x",${headerText.slice(1)}`, claims, key) },
    ...claimsTexts.map((claimsText) => ({
      name: `claims are ${claimsText.slice(0, 16)}…`,
      token: forgeToken(header, claimsText, key),
    })),
    ...['', 'null', '[]', '"x"', '{'].map((part) => ({ name: `header is ${part}`, token: forgeToken(part, claims, key) })),
    { name: 'claims nested 1 000 deep', token: forgeToken(header, `${text.slice(0, -1)},"a":${'['.repeat(1000)}${']'.repeat(1000)}}`, key) },
    { name: 'claims that are no UTF-8', token: resigned(head, Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')) },
    ...broken.map(([what, token]) => ({ name: `a token ${what}`, token })),
  ];
}

/** Another spelling of the same bytes: base64 leaves bits of its last letter unused. */
function looseBits(encoded: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = letters.indexOf(encoded.at(-1) ?? 'A');
  return `${encoded.slice(0, -1)}${letters[last + 1]}`;
}

/** A text whose length is no multiple of three, so that its last letter has bits to spare. */
function withUnusedBits(part: Record<string, unknown>): string {
  const text = JSON.stringify(part);
  return text.length % 3 === 0 ? ` ${text}` : text;
}

function pem({ publicJwk }: ForgeKey): string {
  return createPublicKey({ key: publicJwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }).toString();
}
