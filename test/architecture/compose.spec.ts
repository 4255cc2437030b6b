import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseConfig, type Config } from '@daybook/platform';
import { parse } from 'yaml';
import { PROJECT_ROOT } from './imports.js';

interface Service {
  readonly image: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly secrets?: readonly string[];
  readonly configs?: readonly { readonly source: string }[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly stop_grace_period?: string;
  readonly deploy?: { readonly replicas: number };
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** What docs/how-to/scale-out.md tells the operator to set, and to write into the secrets. */
const OPERATOR_SETS: Readonly<Record<string, string>> = {
  PUBLIC_URL: 'https://daybook.example.org',
  AUTH_ISSUER: 'https://login.example.org/',
  AUTH_AUDIENCE: 'daybook',
};
const SECRETS: Readonly<Record<string, string>> = {
  postgres_password: 'sample',
  database_url: 'postgres://daybook:sample@postgres:5432/daybook',
  ops_database_url: 'postgres://daybook:sample@postgres:5432/daybook_ops',
  vault_database_url: 'postgres://daybook:sample@postgres:5432/daybook_vault',
  vault_master_key: '0123456789abcdef'.repeat(4),
};

const text = fs.readFileSync(path.join(PROJECT_ROOT, 'docker-compose.yml'), 'utf8');
const dockerfile = fs.readFileSync(path.join(PROJECT_ROOT, 'Dockerfile'), 'utf8');
const compose = parse(text, { merge: true }) as ComposeFile;
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);
const eventStores = services.filter(([name]) => name.startsWith('eventstore-'));

/** As compose does it: ${NAME:?why} must be set, ${NAME:-default} may be. */
function interpolated(value: string): string {
  return String(value).replace(/\$\{(\w+):([?-])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
    const set = OPERATOR_SETS[name];
    if (set === undefined && kind === '?') throw new Error(`${name} is needed: ${rest}`);
    return set ?? rest;
  });
}

/** NAME=value pairs of the image, which the services start from. */
const imageEnvironment = [...(/^ENV (.*)$/m.exec(dockerfile)?.[1] ?? '').matchAll(/(\w+)=(\S+)/g)].map(
  ([, name, value]) => [name, value] as const,
);

function configOf(service: Service): Config {
  const added = Object.entries(service.environment ?? {}).map(([name, value]) => [name, interpolated(value)]);
  return parseConfig(Object.fromEntries([...imageEnvironment, ...added]) as Record<string, string>, {
    projectRoot: '/daybook',
    readTextFile: (file) => {
      const secret = path.posix.basename(file);
      if (file !== `/run/secrets/${secret}` || !service.secrets?.includes(secret)) throw new Error(`${file} is not mounted`);
      return `${SECRETS[secret]}\n`;
    },
  });
}

describe('docker-compose.yml, the processes of Daybook', () => {
  it('runs every role, each more than once', () => {
    const roles = ours.flatMap(([, service]) => configOf(service).roles);
    expect([...roles].sort()).toEqual(['api', 'gateway', 'projector']);
    expect(ours.filter(([, service]) => (service.deploy?.replicas ?? 1) < 2)).toEqual([]);
  });

  it.each(ours)('%s starts with this environment, on stores that the others share', (_, service) => {
    const config = configOf(service);
    expect(config).toMatchObject({
      isProduction: true,
      dataDirectory: '/data',
      http: { host: '0.0.0.0', publicUrl: 'https://daybook.example.org', trustProxy: 1 },
      eventStore: { kind: 'external' },
      database: { kind: 'external' },
      auth: { mode: 'oidc' },
    });
    expect(config.vault.databaseUrl?.reveal()).toBe(SECRETS['vault_database_url']);
    expect(config.opsDatabaseUrl?.reveal()).toBe(SECRETS['ops_database_url']);
  });

  it.each(ours)('%s speaks to all three nodes of the cluster', (_, service) => {
    const { eventStore } = configOf(service);
    const url = eventStore.kind === 'external' ? eventStore.url.reveal() : '';
    expect(url).toBe(`esdb://${eventStores.map(([name]) => `${name}:2113`).join(',')}?tls=false`);
  });

  it.each(ours)('%s has no password in its environment, time to stop, and no disk to lose', (_, service) => {
    expect(Object.values(service.environment ?? {}).filter((value) => /:[^/@]+@/.test(String(value)))).toEqual([]);
    expect(service.stop_grace_period).toBe('30s');
    expect(service.volumes ?? []).toEqual([]);
    expect(service.tmpfs?.some((mount) => mount.startsWith('/data:'))).toBe(true);
  });
});

describe('docker-compose.yml, the stores', () => {
  it('is a cluster of three, each node naming itself and the two others', () => {
    expect(eventStores).toHaveLength(3);
    for (const [name, { environment = {} }] of eventStores) {
      const others = eventStores.map(([other]) => other).filter((other) => other !== name);
      expect(environment).toMatchObject({
        KURRENTDB_CLUSTER_SIZE: '3',
        KURRENTDB_NODE_HOST_ADVERTISE_AS: name,
        KURRENTDB_REPLICATION_HOST_ADVERTISE_AS: name,
        KURRENTDB_GOSSIP_SEED: others.map((other) => `${other}:2113`).join(','),
      });
    }
  });

  it('makes every database that a secret names', () => {
    const made = ['daybook', ...[...(compose.configs['databases']?.content ?? '').matchAll(/CREATE DATABASE (\w+);/g)].map((match) => match[1])];
    const wanted = Object.values(SECRETS).flatMap((secret) => /^postgres:\/\/.*\/(\w+)$/.exec(secret)?.[1] ?? []);
    expect(made.sort()).toEqual(wanted.sort());
    expect(compose.services['postgres']?.environment?.['POSTGRES_DB']).toBe('daybook');
  });

  it.each(services.filter(([, service]) => service.build === undefined && service.ports === undefined))(
    '%s keeps its data in a volume of its own and is reached by the program only',
    (_, service) => {
      expect(service.volumes).toHaveLength(1);
      expect(service.networks).toEqual(['stores']);
      expect(compose.networks['stores']?.internal).toBe(true);
    },
  );
});

describe('docker-compose.yml as a whole', () => {
  it('publishes one service, the proxy, which knows the others by name', () => {
    expect(services.filter(([, service]) => service.ports !== undefined).map(([name]) => name)).toEqual(['proxy']);
    const upstreams = [...(compose.configs['caddyfile']?.content ?? '').matchAll(/name (\S+)\s+port (\d+)/g)];
    expect(upstreams.map(([, name, port]) => [name, port])).toEqual([['gateway', '3000'], ['api', '3000']]);
  });

  it.each(services)('%s waits only for services that say when they are healthy', (_, { depends_on = {} }) => {
    for (const [name, { condition }] of Object.entries(depends_on)) {
      const wanted = compose.services[name];
      expect(condition).toBe('service_healthy');
      expect(wanted?.healthcheck !== undefined || (wanted?.build === '.' && dockerfile.includes('\nHEALTHCHECK '))).toBe(true);
    }
  });

  it.each(services)('%s names an exact image', (_, { image }) => {
    expect(image).toMatch(/:\d[\w.-]*$/);
  });

  it('declares what is used and uses what is declared', () => {
    const used = (of: (service: Service) => readonly string[]) => [...new Set(services.flatMap(([, service]) => of(service)))].sort();
    expect(used(({ volumes = [] }) => volumes.map((volume) => volume.split(':')[0] ?? ''))).toEqual(Object.keys(compose.volumes).sort());
    expect(used(({ secrets = [] }) => secrets)).toEqual(Object.keys(compose.secrets).sort());
    expect(used(({ networks = [] }) => networks)).toEqual(Object.keys(compose.networks).sort());
    expect(used(({ configs = [] }) => configs.map(({ source }) => source))).toEqual(Object.keys(compose.configs).sort());
  });

  it('is explained: the how-to names every secret and every variable the operator sets', () => {
    const guide = fs.readFileSync(path.join(PROJECT_ROOT, 'docs/how-to/scale-out.md'), 'utf8');
    const asked = [...text.matchAll(/\$\{(\w+):/g)].map((match) => match[1] ?? '');
    for (const name of [...Object.keys(compose.secrets), ...asked]) expect(guide).toContain(name);
  });

  it('has the version of the package in the image of Daybook', () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(PROJECT_ROOT, 'package.json'), 'utf8')) as { version: string };
    for (const [, { image }] of ours) expect(image).toBe(`daybook:${version}`);
  });
});
