import { inspect } from 'node:util';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { withDatabase } from './ensure-database.js';
import { openPostgres, requireSupportedServer } from './open-postgres.js';

interface Schema {
  values: { big: bigint; day: string; instant: Date; document: unknown };
}

describe('openPostgres', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query('create table values (big bigint, day date, instant timestamptz, document jsonb)');
  });
  afterAll(() => database.drop());

  const open = (options = {}) => openPostgres<Schema>({ url: database.url, applicationName: 'test', ...options });

  it('lets values out exact: bigints as bigint, civil dates as their text, instants as instants', async () => {
    const postgres = await open();
    const row = { big: 9_007_199_254_740_993n, day: '2026-03-29', instant: new Date('2026-03-29T01:30:00.123Z'), document: { a: [1] } };
    await postgres.db.insertInto('values').values(row).execute();
    expect(await postgres.db.selectFrom('values').selectAll().execute()).toEqual([row]);
    await postgres.close();
  });

  it('does so on its own connections only', async () => {
    await (await open()).close();
    const plain = new pg.Client({ connectionString: database.url });
    await plain.connect();
    expect((await plain.query(`select 1::bigint as big`)).rows).toEqual([{ big: '1' }]);
    await plain.end();
  });

  it('ends a statement that takes too long', async () => {
    const postgres = await open({ statementTimeoutMilliseconds: 20 });
    await expect(postgres.pool.query('select pg_sleep(10)')).rejects.toMatchObject({ code: '57014' });
    await postgres.close();
  });

  it('names itself, so that an operator sees who holds a connection', async () => {
    const postgres = await open({ applicationName: 'projector' });
    expect((await postgres.pool.query(`select current_setting('application_name') as name`)).rows).toEqual([{ name: 'daybook projector' }]);
    await postgres.close();
    await postgres.close();
  });

  it('survives the loss of an idle connection and tells of it', async () => {
    const lost: Error[] = [];
    const postgres = await open({ onConnectionLost: (error: Error) => lost.push(error), max: 1 });
    const { rows } = await postgres.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    const told = new Promise((resolve) => postgres.pool.once('error', resolve));
    await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await told;
    expect(lost).toHaveLength(1);
    expect((await postgres.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await postgres.close();
  });

  it('says which database cannot be used and why, without its password, and leaves no connection', async () => {
    const missing = new URL(withDatabase(database.url, 'missing_database'));
    missing.password = 'hunter2';
    const refusal = await open({ url: missing.href }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'StartError',
      message: expect.stringMatching(/^The database missing_database on \S+ \(for test\) cannot be used: database "missing_database" does not exist$/),
    });
    expect(inspect(refusal)).not.toContain('hunter2');
    await expect(open({ url: 'postgres://app@127.0.0.1:1/daybook' })).rejects.toThrow(
      'The database daybook on 127.0.0.1:1 (for test) cannot be used: connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  it('refuses a server that is too old, and says what to do', async () => {
    // No such server runs here; this is what one answers.
    const old = { query: async () => ({ rows: [{ number: 140_011, name: '14.11' }] }) } as unknown as pg.Pool;
    await expect(requireSupportedServer(old)).rejects.toMatchObject({
      message: 'The Postgres server is version 14.11; Daybook needs 15 or newer.',
      hint: expect.stringContaining('DATABASE_URL'),
    });
  });
});
