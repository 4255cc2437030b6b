import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, postgresClientConfig, type Migration } from '../../libs/platform/src/postgres/index.js';
import pg from 'pg';

const LEAK_POLL_MILLISECONDS = 10;
const LEAK_POLLS_MAX = 100;

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  readonly pool: pg.Pool;
  /** Ends the pool, fails when the test left another connection open, and removes the database. */
  drop(): Promise<void>;
}

/**
 * A database of its own for one test file, copied from a template that holds the migrations: about 30 ms. Only for
 * tests of the integration project (`.pg.spec.ts`, `.it.spec.ts`), whose global setup starts the server.
 */
export async function createTestDatabase(migrations: readonly Migration[] = []): Promise<TestDatabase> {
  const name = databaseName(randomBytes(6).toString('hex'));
  await withAdmin(async (admin) => {
    const template = await ensureTemplate(admin, migrations);
    await admin.query(`create database ${name} template ${template}`);
  });
  const url = urlOf(name);
  const pool = new pg.Pool({ ...postgresClientConfig({ url, applicationName: 'test' }), max: 8 });
  pool.on('error', () => undefined);
  const drop = async (): Promise<void> => {
    await pool.end();
    await withAdmin(async (admin) => {
      const leaked = await connectionsLeft(admin, name);
      await admin.query(`drop database if exists ${name} with (force)`);
      if (leaked.length > 0) throw new Error(`the test left connections open: ${leaked.join('; ')}`);
    });
  };
  return { name, url, pool, drop };
}

/** Removes what this run made on a server that stays. */
export async function dropTestDatabases(): Promise<void> {
  await withAdmin(async (admin) => {
    const { rows } = await admin.query<{ datname: string }>('select datname from pg_database where starts_with(datname, $1)', [
      databaseName(''),
    ]);
    for (const { datname } of rows) await admin.query(`drop database if exists ${datname} with (force)`);
  });
}

/** Made once a run for each list of migrations, by whichever worker comes first. */
async function ensureTemplate(admin: pg.Client, migrations: readonly Migration[]): Promise<string> {
  if (migrations.length === 0) return 'template1';
  const digest = createHash('sha256').update(JSON.stringify(migrations)).digest();
  const template = databaseName(`template_${digest.toString('hex').slice(0, 12)}`);
  const lock = digest.readBigInt64BE(0).toString();
  await admin.query('select pg_advisory_lock($1)', [lock]);
  try {
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template]);
    if (rowCount) return template;
    // Under another name until it is complete, so that a failed migration leaves no half template.
    const unfinished = databaseName(randomBytes(6).toString('hex'));
    await admin.query(`create database ${unfinished}`);
    const pool = new pg.Pool({ connectionString: urlOf(unfinished), max: 1 });
    try {
      await migrate(pool, migrations, { schema: 'test' });
    } finally {
      await pool.end();
    }
    await connectionsLeft(admin, unfinished);
    await admin.query(`alter database ${unfinished} rename to ${template}`);
    return template;
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [lock]);
  }
}

/** A session ends a moment after its client closed; what is still there after a second was left open. */
async function connectionsLeft(admin: pg.Client, database: string): Promise<string[]> {
  for (let poll = 0; ; poll += 1) {
    const { rows } = await admin.query<{ session: string }>(
      `select concat_ws(' ', application_name, state, query) as session from pg_stat_activity
       where datname = $1 and backend_type = 'client backend'`,
      [database],
    );
    if (rows.length === 0 || poll === LEAK_POLLS_MAX) return rows.map(({ session }) => session);
    await sleep(LEAK_POLL_MILLISECONDS);
  }
}

async function withAdmin<Result>(work: (admin: pg.Client) => Promise<Result>): Promise<Result> {
  const admin = new pg.Client({ connectionString: serverUrl() });
  admin.on('error', () => undefined);
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function serverUrl(): string {
  const url = process.env.DAYBOOK_TEST_POSTGRES;
  if (!url) throw new Error('no test server: this belongs in a .pg.spec.ts or .it.spec.ts file');
  return url;
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

function databaseName(suffix: string): string {
  return `daybook_test_${process.env.DAYBOOK_TEST_RUN ?? 'run'}_${suffix}`;
}
