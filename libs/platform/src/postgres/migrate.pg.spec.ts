import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { migrate, type Migration } from './migrate.js';

const people: Migration = { name: '0001-people', sql: 'create table people (name text primary key)' };
const pets: Migration = { name: '0002-pets', sql: `create table pets (name text); insert into people values ('Ada')` };

describe('migrate', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  const run = (migrations: readonly Migration[], schema = 'test') => migrate(database.pool, migrations, { schema });
  const peopleCount = async () => (await database.pool.query('select from people')).rowCount;

  it('applies the steps that are missing, in order, and each once', async () => {
    expect(await run([people])).toEqual(['0001-people']);
    expect(await run([people, pets])).toEqual(['0002-pets']);
    expect(await run([people, pets])).toEqual([]);
    expect(await peopleCount()).toBe(1);
  });

  it('lets programs that start at once take turns', async () => {
    const others = Array.from({ length: 5 }, () => new pg.Pool({ connectionString: database.url, max: 1 }));
    const applied = await Promise.all(others.map((pool) => migrate(pool, [people, pets], { schema: 'test' })));
    await Promise.all(others.map((pool) => pool.end()));
    expect(applied.flat()).toEqual(['0001-people', '0002-pets']);
    expect(await peopleCount()).toBe(1);
  });

  it('leaves nothing of a step that fails and goes on from there once it is mended', async () => {
    const broken: Migration = { name: '0002-pets', sql: 'create table pets (name text); insert into nowhere values (1)' };
    await expect(run([people, broken])).rejects.toThrow(/nowhere/);
    expect(await run([people, pets])).toEqual(['0002-pets']);
  });

  it('keeps schemas in one database apart', async () => {
    await run([people], 'first');
    expect(await run([{ name: '0001-people', sql: 'create table others (name text)' }], 'second')).toEqual(['0001-people']);
  });

  it('refuses a database that a newer version has changed, and says what to do', async () => {
    await run([people, pets]);
    await expect(run([people])).rejects.toMatchObject({
      message: 'The database was changed by a newer version of Daybook (test: 0002-pets).',
      hint: expect.stringContaining('Start that version or a later one'),
    });
  });

  it('refuses a step whose text is not the one that was applied', async () => {
    await run([people]);
    await expect(run([{ ...people, sql: 'create table people (name text)' }])).rejects.toThrow(/another text of the step 0001-people/);
  });

  it('lets a step take its time, and gives the connection back as it was', async () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 1, statement_timeout: 50 });
    await migrate(pool, [people, { name: '0002-slow', sql: 'select pg_sleep(0.1)' }], { schema: 'test' });
    const { rows } = await pool.query(
      `select count(*)::int as locks, current_setting('lock_timeout') as lock_timeout, current_setting('statement_timeout') as statement_timeout
       from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(rows).toEqual([{ locks: 0, lock_timeout: '0', statement_timeout: '50ms' }]);
    await pool.end();
  });

  it('leaves no lock when it refuses', async () => {
    await run([people]);
    await expect(run([])).rejects.toThrow();
    expect(await run([people])).toEqual([]);
  });
});
