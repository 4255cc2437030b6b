import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Secret } from './secret.js';
import { ConfigError, type ConfigFault } from './config-error.js';
import { authMode, brokenRules, DEFAULT_HOST, type Given } from './rules.js';
import { findTypos } from './typos.js';
import {
  aboutVariable, ALL_ROLES, environmentSchema, VARIABLE_NAMES, type Environment, type LogLevel, type Role, type VariableName,
} from './variables.js';

const DEFAULT_PORT = 3_000;
const DEFAULT_EVENTSTORE_PORT = 2_113;
const DEFAULT_DATA_DIRECTORY = '.daybook';
const DAY_MILLISECONDS = 86_400_000;
/** Read by the command line and by tests; known here so that they are not taken for mistyped ones. */
const OTHER_VARIABLES = ['DAYBOOK_URL', 'DAYBOOK_TOKEN', 'DAYBOOK_TOKEN_FILE'];

export interface Config {
  readonly isProduction: boolean;
  readonly dataDirectory: string;
  readonly backupDirectory: string | undefined;
  readonly roles: readonly Role[];
  readonly http: {
    readonly host: string;
    readonly port: number;
    /** undefined = derived from where the server listens. */
    readonly publicUrl: string | undefined;
    readonly trustProxy: false | number | string[];
    readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
    readonly corsOrigins: readonly string[];
  };
  readonly eventStore:
    | { readonly kind: 'embedded'; readonly port: number }
    | { readonly kind: 'external'; readonly url: Secret };
  readonly database:
    | { readonly kind: 'embedded'; readonly tcpPort: number | undefined }
    | { readonly kind: 'external'; readonly url: Secret };
  /** undefined = a database beside the read models. */
  readonly opsDatabaseUrl: Secret | undefined;
  readonly vault: {
    /** undefined = a file in the data directory. */
    readonly databaseUrl: Secret | undefined;
    /** 64 hex digits; undefined = a file in the data directory. */
    readonly masterKey: Secret | undefined;
  };
  readonly auth: { readonly mode: 'dev' } | OidcConfig;
  readonly metricsAddress: { readonly host: string; readonly port: number } | undefined;
  readonly logLevel: LogLevel;
  readonly smtpUrl: Secret | undefined;
}

export interface OidcConfig {
  readonly mode: 'oidc';
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** undefined = found by discovery. */
  readonly jwksUrl: string | undefined;
  readonly rolesClaim: string;
  readonly operatorRole: string;
  readonly auditorRole: string;
  readonly maxTokenAgeMilliseconds: number;
  readonly requireAtJwt: boolean;
}

export interface ParseOptions {
  /** Relative paths start here. */
  readonly projectRoot: string;
  readonly readTextFile?: (file: string) => string;
}

type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** The whole environment, once, at the start; throws one ConfigError that lists every fault. */
export function parseConfig(environment: RawEnvironment, options: ParseOptions): Config {
  const faults: ConfigFault[] = [];
  const raw = readRaw(environment, options.readTextFile ?? ((file) => readFileSync(file, 'utf8')), faults);
  const values = parseValues(raw, faults);
  const given: Given = { values, has: (name) => raw[name] !== undefined };
  const known = [...VARIABLE_NAMES, ...VARIABLE_NAMES.filter(isSecret).map(fileVariable), ...OTHER_VARIABLES];
  faults.push(...brokenRules(given), ...findTypos(Object.keys(environment), known));
  if (faults.length > 0) throw new ConfigError(faults);
  return shape(given, options.projectRoot);
}

/** Values as text, secrets also from files. An empty value is none: that is how compose files leave one out. */
function readRaw(environment: RawEnvironment, readTextFile: (file: string) => string, faults: ConfigFault[]) {
  const raw: Partial<Record<VariableName, string>> = {};
  for (const name of VARIABLE_NAMES) {
    const value = environment[name]?.trim() || undefined;
    const file = isSecret(name) ? environment[fileVariable(name)]?.trim() || undefined : undefined;
    if (value !== undefined) raw[name] = value;
    if (file === undefined) continue;
    if (value !== undefined) faults.push({ variable: fileVariable(name), message: `is set beside ${name}; leave one of them out` });
    try {
      raw[name] = readTextFile(file).trim();
    } catch (error) {
      raw[name] = '';
      faults.push({ variable: fileVariable(name), message: `cannot be read: ${(error as Error).message}` });
    }
  }
  return raw;
}

function parseValues(raw: Partial<Record<VariableName, string>>, faults: ConfigFault[]): Environment {
  const values: Record<string, unknown> = {};
  for (const name of VARIABLE_NAMES) {
    // '' stands for a file that could not be read, which has been said.
    if (raw[name] === undefined || raw[name] === '') continue;
    const result = environmentSchema.shape[name].safeParse(raw[name]);
    const { allowed, secret } = aboutVariable(name);
    if (result.success) values[name] = result.data;
    else faults.push({ variable: name, message: `is ${secret ? '[secret]' : JSON.stringify(raw[name])}; allowed: ${allowed}` });
  }
  return values as Environment;
}

function isSecret(name: VariableName): boolean {
  return aboutVariable(name).secret === true;
}

function fileVariable(name: VariableName): string {
  return `${name}_FILE`;
}

function shape(given: Given, projectRoot: string): Config {
  const { values } = given;
  const resolve = (file: string) => path.resolve(projectRoot, file);
  const { TLS_CERT, TLS_KEY, EVENTSTORE_URL, DATABASE_URL, BACKUP_DIR } = values;
  return {
    isProduction: values.NODE_ENV === 'production',
    dataDirectory: resolve(values.DAYBOOK_DATA_DIR ?? DEFAULT_DATA_DIRECTORY),
    backupDirectory: BACKUP_DIR && resolve(BACKUP_DIR),
    roles: values.DAYBOOK_ROLES ?? ALL_ROLES,
    http: {
      host: values.HOST ?? DEFAULT_HOST,
      port: values.PORT ?? DEFAULT_PORT,
      publicUrl: values.PUBLIC_URL,
      trustProxy: values.TRUST_PROXY ?? false,
      tls: TLS_CERT && TLS_KEY ? { certFile: resolve(TLS_CERT), keyFile: resolve(TLS_KEY) } : undefined,
      corsOrigins: values.CORS_ORIGINS ?? [],
    },
    eventStore: EVENTSTORE_URL
      ? { kind: 'external', url: EVENTSTORE_URL }
      : { kind: 'embedded', port: values.EVENTSTORE_PORT ?? DEFAULT_EVENTSTORE_PORT },
    database: DATABASE_URL ? { kind: 'external', url: DATABASE_URL } : { kind: 'embedded', tcpPort: values.POSTGRES_PORT },
    opsDatabaseUrl: values.OPS_DATABASE_URL,
    vault: { databaseUrl: values.VAULT_DATABASE_URL, masterKey: values.VAULT_MASTER_KEY },
    auth: authMode(given) === 'dev' ? { mode: 'dev' } : oidc(values),
    metricsAddress: values.METRICS_ADDR,
    logLevel: values.LOG_LEVEL ?? 'info',
    smtpUrl: values.SMTP_URL,
  };
}

function oidc(values: Environment): OidcConfig {
  return {
    mode: 'oidc',
    issuer: values.AUTH_ISSUER ?? '',
    audiences: values.AUTH_AUDIENCE ?? [],
    jwksUrl: values.AUTH_JWKS_URL,
    rolesClaim: values.AUTH_ROLES_CLAIM ?? 'roles',
    operatorRole: values.AUTH_OPERATOR_ROLE ?? 'daybook-operator',
    auditorRole: values.AUTH_AUDITOR_ROLE ?? 'daybook-auditor',
    maxTokenAgeMilliseconds: values.AUTH_MAX_TOKEN_AGE ?? DAY_MILLISECONDS,
    requireAtJwt: values.AUTH_REQUIRE_AT_JWT ?? false,
  };
}
