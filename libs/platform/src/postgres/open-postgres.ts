import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { StartError } from '../system/start-error.js';
import { unusableDatabase } from './unusable-database.js';

/** 15.0, in the form of Postgres' own server_version_num. */
const OLDEST_SERVER = 150_000;
const CONNECT_TIMEOUT_MILLISECONDS = 5_000;
const STATEMENT_TIMEOUT_MILLISECONDS = 30_000;
const IDLE_IN_TRANSACTION_MILLISECONDS = 60_000;
const POOL_SIZE = 10;

export interface PostgresOptions {
  readonly url: string;
  /** Shown in pg_stat_activity: which part of Daybook holds this connection. */
  readonly applicationName: string;
  /** Most connections at once. */
  readonly max?: number;
  /** 0 = no limit. */
  readonly statementTimeoutMilliseconds?: number;
  /** Told of connections that break while nobody uses them; the pool makes new ones by itself. */
  readonly onConnectionLost?: (error: Error) => void;
}

export interface Postgres<Schema> {
  readonly pool: pg.Pool;
  readonly db: Kysely<Schema>;
  /** Waits for queries that run, then closes every connection. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * How values leave the database, set per connection and never for the whole process: a bigint stays exact, a civil date
 * stays the text it is (no time zone ever touches it); everything else as pg does it.
 */
export const postgresTypes: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format !== 'binary' && oid === pg.types.builtins.INT8) return (text: string) => BigInt(text);
    if (format !== 'binary' && oid === pg.types.builtins.DATE) return (text: string) => text;
    return pg.types.getTypeParser(oid, format ?? 'text');
  },
};

/** Settings of one connection, for the pool and for clients of one's own (LISTEN, pipelines, COPY). */
export function postgresClientConfig(options: PostgresOptions): pg.ClientConfig {
  return {
    connectionString: options.url,
    application_name: `daybook ${options.applicationName}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MILLISECONDS,
    statement_timeout: options.statementTimeoutMilliseconds ?? STATEMENT_TIMEOUT_MILLISECONDS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MILLISECONDS,
    keepAlive: true,
    types: postgresTypes,
  };
}

/** A pool and a typed query builder over it, after a look at the server's version. */
export async function openPostgres<Schema>(options: PostgresOptions): Promise<Postgres<Schema>> {
  const pool = new pg.Pool({ ...postgresClientConfig(options), max: options.max ?? POOL_SIZE });
  // Without a listener a lost idle connection would end the process.
  pool.on('error', (error) => options.onConnectionLost?.(error));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= pool.end());
  try {
    await requireSupportedServer(pool);
  } catch (error) {
    await close();
    throw error instanceof StartError ? error : unusableDatabase(options.url, options.applicationName, error as Error);
  }
  return { pool, db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }), close };
}

export async function requireSupportedServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  );
  const server = rows[0];
  if (!server || server.number < OLDEST_SERVER) {
    throw new StartError(
      `The Postgres server is version ${server?.name ?? 'unknown'}; Daybook needs 15 or newer.`,
      'Upgrade it, name another server in DATABASE_URL, or leave DATABASE_URL out to use the embedded one.',
    );
  }
}
