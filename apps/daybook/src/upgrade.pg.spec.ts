import { databaseOf, migrate, withDatabase } from '@daybook/platform';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { prepareUpgrade } from './upgrade.js';

const OLD = [{ name: '0001-notes', sql: 'create table notes (text text)' }];
const NEW = [...OLD, { name: '0002-stars', sql: 'alter table notes add stars int' }];

describe('an upgrade of a database that no rebuild brings back', () => {
  let database: TestDatabase;
  let url: string;
  let said: string[];
  const announce = (sentence: string): void => void said.push(sentence);
  beforeEach(async () => {
    database = await createTestDatabase();
    ({ url } = database);
    said = [];
  });
  afterEach(async () => {
    await onServer(`drop database if exists "${copyName()}"`);
    await database.drop();
  });

  const copyName = (): string => `${databaseOf(url)}_before_0002-stars`;

  async function onServer(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: withDatabase(url, 'postgres') });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  async function notesIn(name: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: withDatabase(url, name) });
    await client.connect();
    const { rows } = await client.query('select * from notes');
    await client.end();
    return rows;
  }

  async function givenTheOldVersion(): Promise<void> {
    const pool = new pg.Pool({ connectionString: url });
    await migrate(pool, OLD, { schema: 'ops' });
    await pool.query(`insert into notes values ('kept')`);
    await pool.end();
  }

  it('says what it will change, and copies it first as it is', async () => {
    await givenTheOldVersion();
    await prepareUpgrade(url, NEW, { backsUpFirst: true, announce });
    expect(said[0]).toContain('0002-stars');
    expect(await notesIn(copyName())).toEqual([{ text: 'kept' }]);
  });

  it('keeps the copy of an attempt that was killed halfway', async () => {
    await givenTheOldVersion();
    await prepareUpgrade(url, NEW, { backsUpFirst: true, announce });
    await prepareUpgrade(url, NEW, { backsUpFirst: true, announce });
    expect(said.at(-1)).toContain('Already backed up');
  });

  it('copies nothing when told not to', async () => {
    await givenTheOldVersion();
    await prepareUpgrade(url, NEW, { backsUpFirst: false, announce });
    await expect(notesIn(copyName())).rejects.toThrow('does not exist');
  });

  it('has nothing to say to a new database, or to one that is up to date', async () => {
    await prepareUpgrade(url, NEW, { backsUpFirst: true, announce });
    await givenTheOldVersion();
    await prepareUpgrade(url, OLD, { backsUpFirst: true, announce });
    expect(said).toEqual([]);
  });
});
