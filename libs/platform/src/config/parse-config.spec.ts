import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { ConfigError } from './config-error.js';
import { renderConfigurationDocs } from './configuration-docs.js';
import { parseConfig } from './parse-config.js';
import { Secret } from './secret.js';
import { editDistance } from './typos.js';
import { aboutVariable, VARIABLE_NAMES } from './variables.js';

const ROOT = path.resolve(__dirname, '../../../..');
const OIDC = { AUTH_MODE: 'oidc', AUTH_ISSUER: 'https://id.example.org/realm', AUTH_AUDIENCE: 'daybook' };
const MASTER_KEY = 'ab'.repeat(32);

function parse(environment: Record<string, string>, files: Record<string, string> = {}) {
  const readTextFile = (file: string): string => {
    const content = files[file];
    if (content === undefined) throw new Error(`ENOENT: no such file, open '${file}'`);
    return content;
  };
  return parseConfig(environment, { projectRoot: '/project', readTextFile });
}

function faultsOf(environment: Record<string, string>, files?: Record<string, string>): string[] {
  try {
    parse(environment, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, message }) => `${variable}: ${message}`);
    throw error;
  }
  return [];
}

describe('parseConfig', () => {
  it('needs nothing: one machine, loopback, everything embedded', () => {
    expect(parse({})).toEqual({
      isProduction: false,
      dataDirectory: '/project/.daybook',
      backupDirectory: undefined,
      roles: ['api', 'gateway', 'projector'],
      http: { host: '127.0.0.1', port: 3000, publicUrl: undefined, trustProxy: false, tls: undefined, corsOrigins: [] },
      eventStore: { kind: 'embedded', port: 2113 },
      database: { kind: 'embedded', tcpPort: undefined },
      opsDatabaseUrl: undefined,
      vault: { databaseUrl: undefined, masterKey: undefined },
      auth: { mode: 'dev' },
      metricsAddress: undefined,
      logLevel: 'info',
      smtpUrl: undefined,
    });
  });

  it('reads everything that can be said', () => {
    const config = parse({
      ...OIDC,
      HOST: '0.0.0.0', PORT: '8443', PUBLIC_URL: 'https://budget.example.org/', TRUST_PROXY: '10.0.0.0/8, ::1',
      TLS_CERT: 'tls/cert.pem', TLS_KEY: '/etc/key.pem', CORS_ORIGINS: 'https://a.example.org,https://b.example.org:8443',
      DAYBOOK_DATA_DIR: 'data', DAYBOOK_ROLES: 'gateway, api', BACKUP_DIR: '/backup',
      EVENTSTORE_URL: 'esdb://n1:2113,n2:2113,n3:2113?tls=true', DATABASE_URL: 'postgres://u:p@db/daybook',
      OPS_DATABASE_URL: 'postgresql://u:p@db/ops', VAULT_DATABASE_URL: 'postgres://u:p@vault/keys', VAULT_MASTER_KEY: MASTER_KEY,
      AUTH_AUDIENCE: 'daybook, other', AUTH_JWKS_URL: 'https://id.example.org/keys', AUTH_ROLES_CLAIM: 'realm_access.roles',
      AUTH_OPERATOR_ROLE: 'ops', AUTH_AUDITOR_ROLE: 'audit', AUTH_MAX_TOKEN_AGE: '15m', AUTH_REQUIRE_AT_JWT: 'true',
      NODE_ENV: 'production', LOG_LEVEL: 'warn', METRICS_ADDR: '[::1]:9100', SMTP_URL: 'smtps://u:p@mail:465',
    });
    expect(config).toMatchObject({
      isProduction: true,
      dataDirectory: '/project/data',
      backupDirectory: '/backup',
      roles: ['gateway', 'api'],
      http: {
        host: '0.0.0.0', port: 8443, publicUrl: 'https://budget.example.org', trustProxy: ['10.0.0.0/8', '::1'],
        tls: { certFile: '/project/tls/cert.pem', keyFile: '/etc/key.pem' },
        corsOrigins: ['https://a.example.org', 'https://b.example.org:8443'],
      },
      auth: {
        mode: 'oidc', issuer: 'https://id.example.org/realm', audiences: ['daybook', 'other'], jwksUrl: 'https://id.example.org/keys',
        rolesClaim: 'realm_access.roles', operatorRole: 'ops', auditorRole: 'audit', maxTokenAgeMilliseconds: 900_000, requireAtJwt: true,
      },
      metricsAddress: { host: '::1', port: 9100 },
      logLevel: 'warn',
    });
    expect(config.eventStore.kind === 'external' && config.eventStore.url.reveal()).toBe('esdb://n1:2113,n2:2113,n3:2113?tls=true');
    expect(config.vault.masterKey?.reveal()).toBe(MASTER_KEY);
  });

  it('lists every fault at once, with the value and what is allowed', () => {
    expect(faultsOf({ PORT: '80 80', LOG_LEVEL: 'loud', CORS_ORIGINS: '*', AUTH_MAX_TOKEN_AGE: '1 day' })).toEqual([
      'PORT: is "80 80"; allowed: a whole number from 0 to 65535',
      'CORS_ORIGINS: is "*"; allowed: exact origins such as https://app.example.org, separated by commas; never *',
      'AUTH_MAX_TOKEN_AGE: is "1 day"; allowed: a number with s, m, h or d, such as 15m',
      'LOG_LEVEL: is "loud"; allowed: debug, info, warn, error, silent',
    ]);
  });

  it.each([
    ['PORT', ['65536', '-1', '3e3', '0x50']],
    ['HOST', ['not a host', 'http://localhost']],
    ['PUBLIC_URL', ['budget.example.org', 'https://budget.example.org/app', 'ftp://budget.example.org', 'https://u:p@budget.example.org']],
    ['TRUST_PROXY', ['true', '0', '10.0.0.0/33', 'proxy.example.org', '10.0.0.1,']],
    ['CORS_ORIGINS', ['https://*.example.org', 'null', 'https://a.example.org/x', 'https://a.example.org,,https://b.example.org']],
    ['DAYBOOK_ROLES', ['api,worker', ',']],
    ['EVENTSTORE_URL', ['http://localhost:2113', 'esdb://']],
    ['DATABASE_URL', ['mysql://db/x', 'postgres://db', 'postgres://db/']],
    ['VAULT_MASTER_KEY', ['password', 'ab'.repeat(31)]],
    ['METRICS_ADDR', ['9100', ':9100', 'localhost:99999']],
    ['AUTH_ISSUER', ['http://id.example.org', 'id.example.org']],
  ])('refuses %s when it is none of what is allowed', (variable, values) => {
    for (const value of values) {
      expect(faultsOf({ ...OIDC, [variable]: value })).toContainEqual(expect.stringMatching(new RegExp(`^${variable}: is (".*"|\\[secret\\]); allowed: `)));
    }
  });

  it('takes an empty value for none, as compose files leave one out', () => {
    expect(parse({ PORT: '', DATABASE_URL: ' ', EVENTSTORE_URL_FILE: '' })).toEqual(parse({}));
  });

  it('reads secrets from files and never shows them', () => {
    const config = parse({ DATABASE_URL_FILE: '/run/secrets/db' }, { '/run/secrets/db': 'postgres://u:hunter2@db/daybook\n' });
    expect(config.database.kind === 'external' && config.database.url.reveal()).toBe('postgres://u:hunter2@db/daybook');
    const shown = [JSON.stringify(config), inspect(config, { depth: 9, showHidden: true }), `${String(config.database.kind === 'external' && config.database.url)}`];
    for (const text of shown) expect(text).not.toContain('hunter2');
    expect(faultsOf({ SMTP_URL: 'hunter2', VAULT_MASTER_KEY_FILE: 'k' }, { k: 'hunter2' }).join()).not.toContain('hunter2');
  });

  it('names a secret given twice and a file that cannot be read', () => {
    expect(faultsOf({ DATABASE_URL: 'postgres://db/a', DATABASE_URL_FILE: '/x' }, { '/x': 'postgres://db/b' })).toEqual([
      'DATABASE_URL_FILE: is set beside DATABASE_URL; leave one of them out',
    ]);
    expect(faultsOf({ SMTP_URL_FILE: '/missing' })).toEqual([
      "SMTP_URL_FILE: cannot be read: ENOENT: no such file, open '/missing'",
    ]);
  });

  it('gives tokens to whoever asks only on loopback and outside production', () => {
    expect(parse({ HOST: 'localhost' }).auth.mode).toBe('dev');
    expect(faultsOf({ HOST: '0.0.0.0', AUTH_MODE: 'dev' })).toEqual([expect.stringMatching(/^AUTH_MODE: dev is refused on HOST=0\.0\.0\.0/)]);
    expect(faultsOf({ NODE_ENV: 'production', AUTH_MODE: 'dev' })).toEqual([expect.stringMatching(/^AUTH_MODE: dev is refused with NODE_ENV=production/)]);
    const needed = ['AUTH_ISSUER: is needed off loopback and in production, where AUTH_MODE is oidc', 'AUTH_AUDIENCE: is needed off loopback and in production, where AUTH_MODE is oidc'];
    expect(faultsOf({ HOST: '192.168.1.5' })).toEqual(needed);
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual(needed);
    expect(faultsOf({ AUTH_MODE: 'oidc' })).toEqual(['AUTH_ISSUER: is needed with AUTH_MODE=oidc', 'AUTH_AUDIENCE: is needed with AUTH_MODE=oidc']);
  });

  it('does not let somebody believe in an issuer that is not asked', () => {
    expect(faultsOf({ AUTH_ISSUER: 'https://id.example.org' })).toEqual([expect.stringMatching(/^AUTH_ISSUER: has no effect in dev mode/)]);
  });

  it('says which variables belong together', () => {
    expect(faultsOf({ TLS_CERT: 'c' })).toEqual(['TLS_KEY: is needed with TLS_CERT']);
    expect(faultsOf({ VAULT_DATABASE_URL: 'postgres://db/v' })).toEqual(['VAULT_MASTER_KEY: is needed with VAULT_DATABASE_URL']);
    expect(faultsOf({ EVENTSTORE_URL: 'esdb://n1', EVENTSTORE_PORT: '2113' })).toEqual(['EVENTSTORE_PORT: has no effect with EVENTSTORE_URL; leave one of them out']);
    expect(faultsOf({ DAYBOOK_ROLES: 'projector' }).map((fault) => fault.split(':')[0])).toEqual(['EVENTSTORE_URL', 'DATABASE_URL', 'VAULT_DATABASE_URL']);
  });

  it('names the variable that a mistyped one was meant to be, and leaves strangers alone', () => {
    expect(faultsOf({ DAYBOOK_DATADIR: '/data', AUTH_ISUER: 'x' })).toEqual([
      'DAYBOOK_DATADIR: there is no such variable; did you mean DAYBOOK_DATA_DIR?',
      'AUTH_ISUER: there is no such variable; did you mean AUTH_ISSUER?',
    ]);
    expect(faultsOf({ DAYBOOK_URL: 'http://x', DAYBOOK_TOKEN: 't', VAULT_ADDR: 'x', AUTH_TOKEN: 'x', PORTS: '1', PATH: '/bin' })).toEqual([]);
  });

  it('never fails but with a ConfigError, whatever stands in the environment', () => {
    const environment = fc.dictionary(fc.constantFrom(...VARIABLE_NAMES), fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('1', 'true', '::1', 'a,b')));
    fc.assert(
      fc.property(environment, (given) => {
        faultsOf(given);
      }),
      { numRuns: 300 },
    );
  });
});

describe('editDistance', () => {
  it('is a distance: zero only to itself, the same both ways, never shorter through a third', () => {
    const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe('Secret', () => {
  it('shows itself only when asked by name', () => {
    const secret = new Secret('hunter2');
    expect(secret.reveal()).toBe('hunter2');
    expect([String(secret), JSON.stringify({ secret }), inspect(secret), inspect({ deep: [secret] }, { showHidden: true })].join()).not.toContain('hunter2');
  });
});

describe('docs/configuration.md', () => {
  it('is current: `node bin/configuration-docs.cjs` writes it', () => {
    expect(readFileSync(path.join(ROOT, 'docs/configuration.md'), 'utf8')).toBe(renderConfigurationDocs());
  });

  it('describes every variable', () => {
    for (const name of VARIABLE_NAMES) {
      expect(renderConfigurationDocs()).toContain(`\`${name}\``);
      expect(aboutVariable(name).about).toMatch(/\.( Needs|$)/);
    }
  });
});
