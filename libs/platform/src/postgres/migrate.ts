import { createHash } from 'node:crypto';
import type pg from 'pg';
import { StartError } from '../system/start-error.js';

const LOCK_TIMEOUT_MILLISECONDS = 60_000;

/** A step of a schema. Once released its text is never edited: a change is a further step. */
export interface Migration {
  /** Sorts by itself: `0001-rate-limits`. */
  readonly name: string;
  readonly sql: string;
}

export interface MigrateOptions {
  /** Names the schema whose steps these are; each has a list of its own in the same database. */
  readonly schema: string;
}

/**
 * Brings a database forward, each step in a transaction together with the note that it was done; a killed run goes on
 * where it stopped. Two programs may start at once: the second waits and finds nothing left. Returns what it applied.
 */
export async function migrate(
  pool: pg.Pool,
  migrations: readonly Migration[],
  { schema }: MigrateOptions,
): Promise<readonly string[]> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    // A step takes the time it takes; only waiting for another program's has an end.
    await client.query(`set statement_timeout = 0; set lock_timeout = ${LOCK_TIMEOUT_MILLISECONDS}`);
    await client.query('select pg_advisory_lock($1)', [lockKey(schema)]);
    await client.query(`create table if not exists daybook_migrations (
      schema text not null, name text not null, checksum text not null, applied_at timestamptz not null default now(),
      primary key (schema, name))`);
    const applied = await readApplied(client, schema);
    refuseUnknown(applied, migrations, schema);
    const missing = migrations.filter(({ name }) => !applied.has(name));
    for (const migration of missing) await apply(client, migration, schema);
    return missing.map(({ name }) => name);
  } catch (error) {
    broken = error as Error;
    throw error;
  } finally {
    if (!broken) await client.query('select pg_advisory_unlock($1)', [lockKey(schema)]);
    if (!broken) await client.query('reset statement_timeout; reset lock_timeout');
    // A session that failed is closed, and its lock with it.
    client.release(broken);
  }
}

/** The steps that a database made by an earlier version still lacks; none for a new one, which has nothing to lose. */
export async function pendingMigrations(
  pool: pg.Pool,
  migrations: readonly Migration[],
  { schema }: MigrateOptions,
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ isKnown: boolean }>(`select to_regclass('daybook_migrations') is not null as "isKnown"`);
  if (rows[0]?.isKnown !== true) return [];
  const applied = await readApplied(pool, schema);
  return applied.size === 0 ? [] : migrations.map(({ name }) => name).filter((name) => !applied.has(name));
}

async function readApplied(client: pg.PoolClient | pg.Pool, schema: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from daybook_migrations where schema = $1',
    [schema],
  );
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

function refuseUnknown(applied: ReadonlyMap<string, string>, migrations: readonly Migration[], schema: string): void {
  const known = new Map(migrations.map((migration) => [migration.name, checksum(migration)]));
  const newer = [...applied.keys()].filter((name) => !known.has(name));
  if (newer.length > 0) {
    throw new StartError(
      `The database was changed by a newer version of Daybook (${schema}: ${newer.join(', ')}).`,
      'Start that version or a later one; this one would not understand the data.',
    );
  }
  for (const [name, sum] of applied) {
    if (known.get(name) !== sum) {
      throw new StartError(
        `The database was made with another text of the step ${name} of ${schema}.`,
        'A released step is never edited. Use the version that made this database, or restore the step.',
      );
    }
  }
}

async function apply(client: pg.PoolClient, migration: Migration, schema: string): Promise<void> {
  try {
    await client.query('begin');
    await client.query(migration.sql);
    await client.query('insert into daybook_migrations (schema, name, checksum) values ($1, $2, $3)', [
      schema,
      migration.name,
      checksum(migration),
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

function checksum({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}

/** A signed 64-bit number out of the name; pg sends it as text. */
function lockKey(schema: string): string {
  return createHash('sha256').update(`daybook migrations ${schema}`).digest().readBigInt64BE(0).toString();
}
