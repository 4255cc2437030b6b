import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemTimers } from '../system/index.js';
import { CapturedLog } from '../../../../test/support/captured-log.js';
import { forgeKey, forgeToken, type ForgeKey } from '../../../../test/support/token-forge.js';
import { VirtualTime } from '../../../../test/support/virtual-time.js';
import { httpGetter } from './http-get.js';
import { createOidcAuthenticator, type OidcAuthenticator } from './oidc.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const AUDIENCE = 'budget-api';

/** A real issuer on a port of its own; each test says how it answers. */
class Issuer {
  readonly asked: string[] = [];
  answer: RequestListener = (_request, response) => response.writeHead(503).end();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push(request.url ?? '');
      if (request.url === '/.well-known/openid-configuration') {
        response.end(JSON.stringify({ issuer: this.url, jwks_uri: `${this.url}/keys` }));
      } else {
        this.answer(request, response);
      }
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  publishes(...keys: ForgeKey[]): void {
    this.answers(JSON.stringify({ keys: keys.map(({ publicJwk }) => publicJwk) }));
  }

  answers(body: string): void {
    this.answer = (_request, response) => response.end(body);
  }

  keyRequests(): number {
    return this.asked.filter((path) => path === '/keys').length;
  }

  open(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

const [first, second] = [forgeKey('ES256', 'first'), forgeKey('ES256', 'second')];
let issuer: Issuer;
let time: VirtualTime;
let log: CapturedLog;
let auth: OidcAuthenticator;

beforeEach(async () => {
  issuer = new Issuer();
  await issuer.open();
  time = new VirtualTime();
  log = new CapturedLog();
  auth = trusting(issuer.url);
});
afterEach(() => issuer.close());

function trusting(url: string): OidcAuthenticator {
  return createOidcAuthenticator({
    settings: {
      mode: 'oidc',
      issuer: url,
      audiences: [AUDIENCE],
      jwksUrl: undefined,
      rolesClaim: 'roles',
      operatorRole: 'operator',
      auditorRole: 'auditor',
      maxTokenAgeMilliseconds: 86_400_000,
      requireAtJwt: false,
    },
    deriveUserId: (_issuer, subject) => `derived-${subject}`,
    httpGet: httpGetter(systemTimers),
    clock: time,
    log,
    fetchWithinMs: 250,
  });
}

function token(key: ForgeKey): string {
  const iat = Math.floor(time.now() / 1000);
  const claims = { iss: issuer.url, sub: 's', aud: AUDIENCE, scope: 'openid', iat, exp: iat + 600 };
  return forgeToken({ alg: key.alg, kid: key.kid, typ: 'at+jwt' }, claims, key);
}

const outcome = (key: ForgeKey) =>
  auth.authenticateToken(token(key)).then(
    () => 'accepted',
    (error: { code?: string }) => error.code,
  );

describe('keys of the identity provider', () => {
  it('are found by discovery and fetched once for many tokens that come at once', async () => {
    issuer.publishes(first);
    expect(await Promise.all([...Array(20).keys()].map(() => outcome(first)))).toEqual(Array(20).fill('accepted'));
    expect(issuer.keyRequests()).toBe(1);
    expect(auth.keyAgeMs()).toBe(0);
  });

  it('that are new are found at their first token, after a rotation', async () => {
    issuer.publishes(first);
    expect(await outcome(first)).toBe('accepted');
    issuer.publishes(second);
    await time.advance(31 * SECOND);
    expect(await outcome(second)).toBe('accepted');
    expect(await outcome(first)).toBe('UNAUTHENTICATED');
  });

  it('that are unknown are asked for once in 30 seconds, however many tokens name them', async () => {
    issuer.publishes(first);
    await outcome(first);
    await time.advance(31 * SECOND);
    for (let count = 0; count < 50; count += 1) expect(await outcome(second)).toBe('UNAUTHENTICATED');
    expect(issuer.keyRequests()).toBe(2);
    await time.advance(29 * SECOND);
    await outcome(second);
    expect(issuer.keyRequests()).toBe(2);
    await time.advance(2 * SECOND);
    await outcome(second);
    expect(issuer.keyRequests()).toBe(3);
  });

  it('serve an hour through an outage, then nothing is verified until it is over', async () => {
    issuer.publishes(first);
    expect(await outcome(first)).toBe('accepted');
    issuer.answer = (_request, response) => response.destroy();
    await time.advance(59 * MINUTE);
    expect(await outcome(first)).toBe('accepted');
    await waitUntil(() => log.lines.length === 1);
    await time.advance(2 * MINUTE);
    expect(await outcome(first)).toBe('AUTH_UNAVAILABLE');
    issuer.publishes(first);
    expect(await outcome(first)).toBe('AUTH_UNAVAILABLE');
    await time.advance(6 * SECOND);
    expect(await outcome(first)).toBe('accepted');
  });

  it('that were withdrawn are gone within ten minutes, without anybody waiting for it', async () => {
    issuer.publishes(first, second);
    await outcome(first);
    issuer.publishes(second);
    await time.advance(11 * MINUTE);
    expect(await outcome(first)).toBe('accepted');
    await waitUntil(() => auth.keyAgeMs() === 0);
    expect(await outcome(first)).toBe('UNAUTHENTICATED');
  });

  it.each<[string, () => void]>([
    ['nothing', () => (issuer.answer = (_request, response) => response.destroy())],
    ['an error', () => (issuer.answer = (_request, response) => response.writeHead(500).end())],
    ['nothing in time', () => (issuer.answer = () => undefined)],
    ['a body without end', () => (issuer.answer = (_request, response) => response.write('{"keys":['))],
    ['a redirect', () => (issuer.answer = (_r, response) => response.writeHead(302, { location: '/else' }).end())],
    ['no JSON', () => issuer.answers('<html>')],
    ['no keys', () => issuer.answers('{"keys":[]}')],
    ['keys of another shape', () => issuer.answers('{"keys":{"first":1}}')],
    ['null', () => issuer.answers('null')],
    ['more than 256 KiB', () => issuer.answers(`{"keys":[${JSON.stringify(first.publicJwk)}],"x":"${'x'.repeat(262_144)}"}`)],
    ['more than 100 keys', () => issuer.answers(JSON.stringify({ keys: Array(101).fill(first.publicJwk) }))],
    ['symmetric keys only', () => issuer.answers('{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"first"}]}')],
    ['encryption keys only', () => issuer.answers(JSON.stringify({ keys: [{ ...first.publicJwk, use: 'enc' }] }))],
  ])('verify nothing while the issuer answers %s, and keep those known before', async (_what, answerBadly) => {
    answerBadly();
    expect(await outcome(first)).toBe('AUTH_UNAVAILABLE');
    expect(log.messages()).toContain('The keys of the identity provider could not be fetched');
    issuer.publishes(first);
    await time.advance(6 * SECOND);
    expect(await outcome(first)).toBe('accepted');
    answerBadly();
    await time.advance(31 * SECOND);
    expect(await outcome(second)).toBe('UNAUTHENTICATED');
    expect(await outcome(first)).toBe('accepted');
  });

  it('of a discovery document that names another issuer are not asked for', async () => {
    issuer.publishes(first);
    const other = trusting(`${issuer.url}/`);
    await expect(other.authenticateToken(token(first))).rejects.toMatchObject({ code: 'AUTH_UNAVAILABLE' });
    expect(issuer.keyRequests()).toBe(0);
  });
});

async function waitUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise<void>((resolve) => setImmediate(resolve));
}
