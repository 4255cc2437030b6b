import pg from 'pg';
import { createTestDatabase } from './database.js';

const migrations = [{ name: '0001-notes', sql: 'create table notes (text text)' }];

describe('createTestDatabase', () => {
  it('gives each caller a database of its own with the migrations applied', async () => {
    const [first, second] = await Promise.all([createTestDatabase(migrations), createTestDatabase(migrations)]);
    await first.pool.query(`insert into notes values ('mine')`);
    expect((await second.pool.query('select from notes')).rowCount).toBe(0);
    await Promise.all([first.drop(), second.drop()]);
  });

  it('names a connection the test left open, and removes the database all the same', async () => {
    const database = await createTestDatabase();
    const forgotten = new pg.Client({ connectionString: database.url, application_name: 'forgotten' });
    forgotten.on('error', () => undefined);
    await forgotten.connect();
    await expect(database.drop()).rejects.toThrow(/left connections open: forgotten/);
    const other = new pg.Client({ connectionString: database.url });
    await expect(other.connect()).rejects.toThrow(/does not exist/);
  });
});
