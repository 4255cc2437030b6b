import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Log } from '@daybook/kernel';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { Secret } from '../config/secret.js';
import { openPostgres } from '../postgres/open-postgres.js';
import { systemRandom } from '../system/system-random.js';
import { describeKeyStore } from './key-store.contract.js';
import { openPostgresKeyStore } from './postgres-key-store.js';
import { KeyMissingError } from './sealer.js';
import { openVault, vaultExists } from './vault.js';

const log: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const masterKey = new Secret('ab'.repeat(32));

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const openStore = async () => openPostgresKeyStore(await openPostgres({ url: database.url, applicationName: 'vault', max: 4 }));

describeKeyStore('Postgres', openStore, openStore);

describe('a vault that machines share', () => {
  let directory: string;
  let elapsedMilliseconds: number;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'daybook-vault-'));
    elapsedMilliseconds = 0;
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const open = (key = masterKey, mustExist = false) =>
    openVault({
      directory, databaseUrl: new Secret(database.url), masterKey: key, mustExist, random: systemRandom, log,
      clock: { now: () => 0, monotonic: () => elapsedMilliseconds },
    });

  it('begun by two at once is one vault, and leaves no file', async () => {
    const [one, two] = await Promise.all([open(), open()]);
    expect(one.keyedHash('user', 'ada')).toBe(two.keyedHash('user', 'ada'));
    const [sealedByOne, sealedByTwo] = await Promise.all([one.seal('ada', 'name', 'Ada'), two.seal('ada', 'name', 'Ada')]);
    expect(sealedByOne).toEqual(sealedByTwo);
    expect(await two.open(sealedByOne, 'name')).toBe('Ada');
    await Promise.all([one.close(), two.close()]);
    expect(await readdir(directory)).toEqual([]);
  });

  it('opens what another machine has just sealed, also while this one still looks for that key in vain', async () => {
    const [here, there] = await Promise.all([open(), open()]);
    const sealed = await there.seal('ada', 'name', 'Ada');
    // Given a look that began before the key was there, and that has not ended when the sealed text arrives.
    await database.pool.query(`
      create table made_later as select * from vault_keys;
      alter table vault_keys rename to kept_keys;
      delete from kept_keys;
      create function gate() returns int language plpgsql as 'begin perform pg_advisory_xact_lock_shared(1); return 1; end';
      create view vault_keys as select kept_keys.* from gate() left join kept_keys on true where subject is not null;
    `);
    const gate = await database.pool.connect();
    await gate.query('select pg_advisory_lock(1)');
    const lookingInVain = here.open({ sealed: 1, subject: 'ada', data: '' }, 'name').catch((error: unknown) => error);
    const isAtGate = async () => (await gate.query(`select from pg_locks where locktype = 'advisory' and not granted`)).rowCount === 1;
    while (!(await isAtGate()));
    // When the key is made and the text arrives, then it is opened.
    await gate.query('insert into kept_keys select * from made_later');
    const opening = here.open(sealed, 'name');
    await gate.query('select pg_advisory_unlock(1)');
    gate.release();
    expect(await opening).toBe('Ada');
    await lookingInVain;
    await Promise.all([here.close(), there.close()]);
  });

  it('knows nobody whose row is not there, and does not call them forgotten', async () => {
    const vault = await open();
    const sealed = await vault.seal('ada', 'name', 'Ada');
    vault.purge('ada');
    await database.pool.query('delete from vault_keys');
    await expect(vault.open(sealed, 'name')).rejects.toBeInstanceOf(KeyMissingError);
    await vault.close();
  });

  it('forgets on every machine within a minute, and at once where that is told', async () => {
    const [here, there, told] = await Promise.all([open(), open(), open()]);
    const sealed = await here.seal('ada', 'name', 'Ada');
    for (const machine of [there, told]) expect(await machine.open(sealed, 'name')).toBe('Ada');
    expect(await here.forget('ada')).toBe(true);
    expect(await here.open(sealed, 'name')).toBeNull();
    told.purge('ada');
    expect(await told.open(sealed, 'name')).toBeNull();
    elapsedMilliseconds = 60_000;
    expect(await there.open(sealed, 'name')).toBeNull();
    await Promise.all([here.close(), there.close(), told.close()]);
  });

  it('keeps no row version with an erased key', async () => {
    const vault = await open();
    await vault.seal('ada', 'name', 'Ada');
    await vault.forget('ada');
    await database.pool.query('create extension pageinspect');
    const { rows } = await database.pool.query(
      `select t_data from heap_page_items(get_raw_page('vault_keys', 0)) where octet_length(t_data) > 30`,
    );
    expect(rows).toEqual([]);
    await vault.close();
  });

  it('of a newer version is refused without leaving a connection', async () => {
    await (await open()).close();
    await database.pool.query(`insert into daybook_migrations (schema, name, checksum) values ('vault', '9999-future', '')`);
    await expect(open()).rejects.toThrow(/changed by a newer version of Daybook \(vault: 9999-future\)/);
  });

  it('is found where it was begun, refused where it must be and is not, and closed to another master key', async () => {
    const place = { directory, databaseUrl: new Secret(database.url) };
    expect(await vaultExists(place)).toBe(false);
    await expect(open(masterKey, true)).rejects.toThrow(/no keys in the database of VAULT_DATABASE_URL/);
    expect(await vaultExists(place)).toBe(false);
    await (await open()).close();
    expect(await vaultExists(place)).toBe(true);
    await (await open(masterKey, true)).close();
    await expect(open(new Secret('cd'.repeat(32)))).rejects.toThrow(/master key does not open the vault in VAULT_DATABASE_URL/);
  });
});
