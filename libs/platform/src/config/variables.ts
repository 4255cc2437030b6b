import { z } from 'zod';
import {
  clusterUrl, databaseUrl, duration, flag, host, hostAndPort, httpOrigin, httpsUrl, listOf, masterKey, port, secretUrl, text, trustedProxies,
} from './value-types.js';

/** What a person needs to know about a variable; docs/configuration.md and the messages about faults say nothing else. */
export interface About {
  readonly group: string;
  readonly about: string;
  readonly allowed: string;
  /** In words where it is computed. */
  readonly default: string;
  /** Never shown; may also be given as the name of a file, in `<NAME>_FILE`. */
  readonly secret?: true;
}

const aboutSchemas = new Map<z.ZodType, About>();

function variable<Schema extends z.ZodType>(schema: Schema, about: About): z.ZodOptional<Schema> {
  const optional = schema.optional();
  aboutSchemas.set(optional, about);
  return optional;
}

const ROLES = ['api', 'gateway', 'projector'] as const;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const HTTP = 'HTTP';
const DATA = 'Data and roles';
const STORES = 'Event store and databases';
const VAULT = 'Keys of persons';
const AUTH = 'Who may come in';
const RUN = 'Running';

/** Every variable Daybook reads; all are optional. Rules between them are in rules.ts, defaults in parse-config.ts. */
export const environmentSchema = z.object({
  HOST: variable(host, { group: HTTP, about: 'Address to listen on.', allowed: 'an address or host name', default: '127.0.0.1' }),
  PORT: variable(port, { group: HTTP, about: 'Port to listen on; 0 takes a free one.', allowed: 'a whole number from 0 to 65535', default: '3000' }),
  PUBLIC_URL: variable(httpOrigin, { group: HTTP, about: 'How clients reach this server, when a proxy stands in front.', allowed: 'http(s)://host[:port], without a path', default: 'derived from HOST, PORT and TLS_CERT' }),
  TRUST_PROXY: variable(trustedProxies, { group: HTTP, about: 'Proxies whose X-Forwarded-For is believed.', allowed: 'how many proxies stand in front (1 to 99), or their addresses or ranges, separated by commas', default: 'none' }),
  TLS_CERT: variable(text, { group: HTTP, about: 'File with the certificate chain (PEM). Needs TLS_KEY.', allowed: 'a path', default: 'none' }),
  TLS_KEY: variable(text, { group: HTTP, about: 'File with the private key (PEM). Needs TLS_CERT.', allowed: 'a path', default: 'none' }),
  CORS_ORIGINS: variable(listOf(httpOrigin), { group: HTTP, about: 'Pages of other origins that may call this server.', allowed: 'exact origins such as https://app.example.org, separated by commas; never *', default: 'the own origin; in dev mode also loopback origins' }),

  DAYBOOK_DATA_DIR: variable(text, { group: DATA, about: 'Where everything is kept. For real use, outside the clone.', allowed: 'a path; a relative one starts at the project', default: './.daybook' }),
  DAYBOOK_ROLES: variable(listOf(z.enum(ROLES)), { group: DATA, about: 'What this process does. Fewer than all needs an event store and databases that others reach too. A gateway is for live connections, which come later: in this version it answers health and metrics only.', allowed: `${ROLES.join(', ')}, separated by commas`, default: ROLES.join(',') }),
  BACKUP_DIR: variable(text, { group: DATA, about: 'Where backups will go. Not used in this version.', allowed: 'a path; a relative one starts at the project', default: 'none' }),

  EVENTSTORE_URL: variable(clusterUrl, { group: STORES, about: 'An EventStoreDB or KurrentDB cluster instead of the embedded node.', allowed: 'esdb://… or kurrentdb://…, also with +discover', default: 'embedded', secret: true }),
  EVENTSTORE_PORT: variable(port, { group: STORES, about: 'Loopback port of the embedded node.', allowed: 'a whole number from 0 to 65535', default: '2113, or the next free one' }),
  DATABASE_URL: variable(databaseUrl, { group: STORES, about: 'A Postgres server (15 or newer) for the read models instead of the embedded one.', allowed: 'postgres://user:password@host:port/database', default: 'embedded', secret: true }),
  OPS_DATABASE_URL: variable(databaseUrl, { group: STORES, about: 'Database for what the log does not hold: remembered answers; later also limits and errors.', allowed: 'postgres://user:password@host:port/database', default: 'embedded; with DATABASE_URL the database `<name>_ops` on that server', secret: true }),
  POSTGRES_PORT: variable(port, { group: STORES, about: 'Loopback port of the embedded Postgres, for tools; the password is in postgres.password in the data directory.', allowed: 'a whole number from 1 to 65535', default: 'none: a socket only this user can open' }),

  VAULT_DATABASE_URL: variable(databaseUrl, { group: VAULT, about: 'Database that holds the wrapped keys when several machines share them. Needs VAULT_MASTER_KEY.', allowed: 'postgres://user:password@host:port/database', default: 'the file vault.keys in the data directory', secret: true }),
  VAULT_MASTER_KEY: variable(masterKey, { group: VAULT, about: 'The key that wraps the keys of persons. Without it nothing sealed can be read again.', allowed: '32 bytes as 64 hex digits or as base64', default: 'the file vault.master in the data directory, made at the first start', secret: true }),

  AUTH_MODE: variable(z.enum(['dev', 'oidc']), { group: AUTH, about: '`dev` gives a token to whoever asks; only on loopback and outside production.', allowed: 'dev, oidc', default: 'dev on a loopback HOST outside production, else oidc' }),
  AUTH_ISSUER: variable(httpsUrl, { group: AUTH, about: 'The OpenID Connect issuer, exactly as in its tokens.', allowed: 'an https URL (http on loopback)', default: 'none; needed for oidc' }),
  AUTH_AUDIENCE: variable(listOf(text.min(1)), { group: AUTH, about: 'Tokens must be meant for one of these.', allowed: 'names, separated by commas', default: 'none; needed for oidc' }),
  AUTH_JWKS_URL: variable(httpsUrl, { group: AUTH, about: 'Where the issuer publishes its keys.', allowed: 'an https URL (http on loopback)', default: 'found by discovery' }),
  AUTH_ROLES_CLAIM: variable(text.min(1), { group: AUTH, about: 'The claim that lists roles; dots lead into objects.', allowed: 'a name', default: 'roles' }),
  AUTH_OPERATOR_ROLE: variable(text.min(1), { group: AUTH, about: 'The role that makes an operator. Nothing asks for it in this version.', allowed: 'a name', default: 'daybook-operator' }),
  AUTH_AUDITOR_ROLE: variable(text.min(1), { group: AUTH, about: 'The role that makes an auditor. Nothing asks for it in this version.', allowed: 'a name', default: 'daybook-auditor' }),
  AUTH_MAX_TOKEN_AGE: variable(duration, { group: AUTH, about: 'Older tokens are refused, whatever they say themselves.', allowed: 'a number with s, m, h or d, such as 15m', default: '24h' }),
  AUTH_REQUIRE_AT_JWT: variable(flag, { group: AUTH, about: 'Only tokens of type at+jwt (RFC 9068).', allowed: 'true, false', default: 'false' }),

  NODE_ENV: variable(text, { group: RUN, about: '`production` refuses everything meant for development.', allowed: 'any text', default: 'none' }),
  LOG_LEVEL: variable(z.enum(LOG_LEVELS), { group: RUN, about: 'The least important lines that are logged.', allowed: LOG_LEVELS.join(', '), default: 'info' }),
  METRICS_ADDR: variable(hostAndPort, { group: RUN, about: 'An address of its own for /metrics, which is then no longer on the HTTP port.', allowed: 'host:port', default: 'the HTTP port' }),
  SMTP_URL: variable(secretUrl(['smtp', 'smtps']), { group: RUN, about: 'The mail server. Not used in this version.', allowed: 'smtp://user:password@host:port or smtps://…', default: 'none', secret: true }),
});

export type Environment = z.output<typeof environmentSchema>;
export type VariableName = keyof Environment;
export type Role = (typeof ROLES)[number];
export type LogLevel = (typeof LOG_LEVELS)[number];
export const ALL_ROLES: readonly Role[] = ROLES;

export const VARIABLE_NAMES = Object.keys(environmentSchema.shape) as readonly VariableName[];

export function aboutVariable(name: VariableName): About {
  const about = aboutSchemas.get(environmentSchema.shape[name]);
  if (!about) throw new Error(`${name} is not described`);
  return about;
}
