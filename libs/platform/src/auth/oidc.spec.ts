import { createHash } from 'node:crypto';
import { hostileTokens } from '../../../../test/support/hostile-tokens.js';
import { CapturedLog } from '../../../../test/support/captured-log.js';
import { forgeKey, forgeToken, type ForgeAlgorithm, type ForgeKey } from '../../../../test/support/token-forge.js';
import { VirtualTime } from '../../../../test/support/virtual-time.js';
import type { OidcConfig } from '../config/index.js';
import { createAuthenticator } from './authenticator.js';
import { DEV_ISSUER } from './dev-issuer.js';
import type { HttpGet } from './http-get.js';
import { createOidcAuthenticator, type OidcOptions } from './oidc.js';
import { tokenShapes } from './token-corpus.js';

const ISSUER = 'https://id.example/realm';
const AUDIENCE = 'https://budget.example/api';
const time = new VirtualTime();
const NOW = time.now() / 1000;
const ALGORITHMS: readonly ForgeAlgorithm[] = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const keys = new Map<ForgeAlgorithm, ForgeKey>(ALGORITHMS.map((alg) => [alg, forgeKey(alg, `key-${alg}`)]));
const attackers = new Map(ALGORITHMS.map((alg) => [alg, forgeKey(alg, `key-${alg}`)]));
const published = { keys: [...keys.values()].map(({ publicJwk }) => publicJwk) };

function keyOf(alg: ForgeAlgorithm): ForgeKey {
  const key = keys.get(alg);
  if (key === undefined) throw new Error(`no key of ${alg}`);
  return key;
}

const issuerDocuments: HttpGet = (url) => {
  if (url === `${ISSUER}/.well-known/openid-configuration`) {
    return Promise.resolve(JSON.stringify({ issuer: ISSUER, jwks_uri: `${ISSUER}/keys` }));
  }
  return url === `${ISSUER}/keys` ? Promise.resolve(JSON.stringify(published)) : Promise.reject(new Error(`no ${url}`));
};

const settings: OidcConfig = {
  mode: 'oidc',
  issuer: ISSUER,
  audiences: [AUDIENCE],
  jwksUrl: undefined,
  rolesClaim: 'roles',
  operatorRole: 'daybook-operator',
  auditorRole: 'daybook-auditor',
  maxTokenAgeMilliseconds: 86_400_000,
  requireAtJwt: false,
};

function options(overrides: Partial<OidcConfig> = {}, ports: Partial<OidcOptions> = {}): OidcOptions {
  return {
    settings: { ...settings, ...overrides },
    deriveUserId: (issuer, subject) => createHash('sha256').update(`pepper ${issuer} ${subject}`).digest('hex'),
    httpGet: issuerDocuments,
    clock: time,
    log: new CapturedLog(),
    ...ports,
  };
}

const oidc = (...given: Parameters<typeof options>) => createOidcAuthenticator(options(...given));

const claims = {
  iss: ISSUER,
  sub: 'subject-1',
  aud: AUDIENCE,
  azp: 'web',
  scope: 'openid',
  iat: NOW - 10,
  exp: NOW + 900,
  roles: ['daybook-auditor', 'else'],
};
const good = (alg: ForgeAlgorithm = 'ES256', more: object = {}) =>
  forgeToken({ alg, kid: keyOf(alg).kid, typ: 'JWT' }, { ...claims, ...more }, keyOf(alg));

describe('OIDC tokens', () => {
  it.each(ALGORITHMS)('signed with %s are accepted, the user id is derived and hides the subject', async (alg) => {
    const principal = await oidc().authenticate(`bearer ${good(alg, { name: ' Ana ', email: 'ana@example.com' })}`);
    expect(principal).toEqual({
      userId: createHash('sha256').update(`pepper ${ISSUER} subject-1`).digest('hex'),
      roles: ['auditor'],
      name: 'Ana',
      email: 'ana@example.com',
      tokenExpiresAt: (NOW + 900) * 1000,
      authMode: 'oidc',
    });
  });

  it('lend no e-mail address that the issuer calls unverified', async () => {
    const principal = await oidc().authenticateToken(good('ES256', { email: 'a@b.c', email_verified: false }));
    expect(principal).not.toHaveProperty('email');
  });

  it('are taken up to a minute early or late', async () => {
    for (const more of [{ exp: NOW - 59 }, { nbf: NOW + 59 }, { iat: NOW + 59 }, { iat: NOW - 86_459 }]) {
      await oidc().authenticateToken(good('ES256', more));
    }
  });

  it('may be meant for any one of the configured audiences', async () => {
    const both = oidc({ audiences: ['other', AUDIENCE] });
    await both.authenticateToken(good('ES256', { aud: ['x', AUDIENCE] }));
    await expect(both.authenticateToken(good('ES256', { aud: ['x'] }))).rejects.toThrow('UNAUTHENTICATED');
  });

  it('must be typed at+jwt where that is demanded', async () => {
    const strict = oidc({ requireAtJwt: true });
    const { kid } = keyOf('ES256');
    await expect(strict.authenticateToken(good())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt']) {
      await strict.authenticateToken(forgeToken({ alg: 'ES256', kid, typ }, claims, keyOf('ES256')));
    }
  });

  it('of dev mode are refused, and their issuer cannot be configured', async () => {
    expect(() => oidc({ issuer: DEV_ISSUER })).toThrow('dev tokens');
    expect(() => oidc({ issuer: 'http://id.example' })).toThrow('https');
    expect(() => oidc({ jwksUrl: 'http://id.example/keys' })).toThrow('AUTH_JWKS_URL');
  });

  it('do not load the module that makes dev tokens', async () => {
    let isLoaded = false;
    jest.doMock('./dev-tokens.js', () => {
      isLoaded = true;
      return {};
    });
    await createAuthenticator({ mode: 'oidc', oidc: options() });
    expect(isLoaded).toBe(false);
  });
});

describe('tokens as common providers shape them', () => {
  const shapes = tokenShapes({ issuer: ISSUER, now: NOW });

  it.each(shapes.map((shape) => ({ ...shape, verdict: shape.accepted ? 'accepted' : 'refused' })))(
    '$provider: $kind is $verdict',
    async ({ audience, rolesClaim, headerType, claims: shaped, accepted, roles }) => {
      const { alg, kid } = keyOf('RS256');
      const header = { alg, kid, ...(headerType === undefined ? {} : { typ: headerType }) };
      const answer = oidc({ audiences: [audience], rolesClaim }).authenticateToken(forgeToken(header, shaped, keyOf('RS256')));
      if (accepted) expect((await answer).roles).toEqual(roles ?? []);
      else await expect(answer).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    },
  );
});

describe('hostile tokens', () => {
  const cases = ALGORITHMS.flatMap((alg) => [true, false].map((namesAlgorithm) => ({ alg, namesAlgorithm })));

  it.each(cases)('are refused in one shape, without asking where they say ($alg, key names it: $namesAlgorithm)', async ({
    alg,
    namesAlgorithm,
  }) => {
    const asked: string[] = [];
    const log = new CapturedLog();
    const httpGet: HttpGet = (url, limits) => {
      asked.push(url);
      if (namesAlgorithm || url !== `${ISSUER}/keys`) return issuerDocuments(url, limits);
      return Promise.resolve(JSON.stringify({ keys: published.keys.map((key) => ({ ...key, alg: undefined })) }));
    };
    const authenticator = oidc({}, { log, httpGet });
    const context = {
      key: keyOf(alg),
      otherKey: keyOf(alg === 'ES256' ? 'RS256' : 'ES256'),
      attackerKey: attackers.get(alg) ?? forgeKey(alg, keyOf(alg).kid),
      claims,
      now: NOW,
    };
    expect((await authenticator.authenticateToken(good(alg))).roles).toEqual(['auditor']);
    const vectors = hostileTokens(context);
    expect(vectors.length).toBeGreaterThan(250);
    const wrong: string[] = [];
    for (const { name, token } of vectors) {
      const outcome: unknown = await authenticator.authenticateToken(token).catch((error: unknown) => error);
      const { code, detail, data } = outcome as { code?: unknown; detail?: unknown; data?: unknown };
      const shape = JSON.stringify([code, detail, data]);
      if (shape !== '["UNAUTHENTICATED","This needs a valid access token.",{}]') wrong.push(`${name}: ${shape}`);
    }
    expect(wrong).toEqual([]);
    expect(new Set(asked)).toEqual(new Set([`${ISSUER}/.well-known/openid-configuration`, `${ISSUER}/keys`]));
    expect(JSON.stringify(log.lines)).not.toMatch(/subject-1|eyJ/);
  });

  it('are also refused as a whole header', async () => {
    for (const header of [undefined, '', 'Bearer', `Basic ${good()}`, `Bearer ${good()} ${good()}`, good()]) {
      await expect(oidc().authenticate(header)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });
});
