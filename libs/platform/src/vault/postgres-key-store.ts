import type { QueryResultRow } from 'pg';
import type { Secret } from '../config/secret.js';
import { openPostgres, type Postgres } from '../postgres/open-postgres.js';
import { migrate, type Migration } from '../postgres/migrate.js';
import type { KeyStore, StoredKey } from './key-store.js';

export const VAULT_MIGRATIONS: readonly Migration[] = [
  {
    name: '0001-vault',
    sql: `
      create table vault_secret (only_one boolean primary key default true check (only_one), wrapped bytea not null);
      -- A row without a key is a person who was forgotten.
      create table vault_keys (subject text primary key, wrapped bytea);
    `,
  },
];

/** The vault of several machines; owns the connections it is given. Commits are synced by the server whatever its default is. */
export async function openPostgresKeyStore(postgres: Postgres<unknown>): Promise<KeyStore> {
  const { pool } = postgres;
  try {
    await migrate(pool, VAULT_MIGRATIONS, { schema: 'vault' });
  } catch (error) {
    await postgres.close();
    throw error;
  }

  const find = async (subject: string): Promise<StoredKey | undefined> => {
    const { rows } = await pool.query<{ wrapped: Buffer | null }>('select wrapped from vault_keys where subject = $1', [subject]);
    return rows[0] && (rows[0].wrapped ?? 'forgotten');
  };
  const syncedWrite = async <Row extends QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> => {
    const client = await pool.connect();
    try {
      await client.query('begin; set local synchronous_commit = on');
      const { rows } = await client.query<Row>(text, [...values]);
      const { command } = await client.query('commit');
      if (command !== 'COMMIT') throw new Error(`the vault's write was not committed: ${command}`);
      client.release();
      return rows;
    } catch (error) {
      // Its transaction may still be open: the session goes, not back to the pool.
      client.release(error as Error);
      throw error;
    }
  };

  return {
    place: 'VAULT_DATABASE_URL',
    find,
    async ownSecret(offered) {
      await syncedWrite('insert into vault_secret (wrapped) values ($1) on conflict do nothing', [offered]);
      const { rows } = await pool.query<{ wrapped: Buffer }>('select wrapped from vault_secret');
      return rows[0]?.wrapped ?? offered;
    },
    async addIfAbsent(subject, offered) {
      await syncedWrite('insert into vault_keys (subject, wrapped) values ($1, $2) on conflict do nothing', [subject, offered]);
      const stored = await find(subject);
      if (stored === undefined) throw new Error('a key vanished from the vault while it was added');
      return stored;
    },
    async forget(subject) {
      const [row] = await syncedWrite<{ had_key: boolean }>(
        `insert into vault_keys (subject, wrapped) values ($1, null)
         on conflict (subject) do update set wrapped = null where vault_keys.wrapped is not null
         returning xmax <> 0 as had_key`,
        [subject],
      );
      // The old row version still holds the key until the table is cleaned.
      await pool.query('vacuum vault_keys');
      return row?.had_key ?? false;
    },
    close: () => postgres.close(),
  };
}

/** Whether a vault was ever begun there; looks without changing anything. */
export async function postgresVaultExists(databaseUrl: Secret): Promise<boolean> {
  const { pool, close } = await openPostgres({ url: databaseUrl.reveal(), applicationName: 'vault', max: 1 });
  try {
    const { rows } = await pool.query<{ made: boolean }>(`select to_regclass('vault_secret') is not null as made`);
    if (!rows[0]?.made) return false;
    return (await pool.query('select from vault_secret')).rowCount === 1;
  } finally {
    await close();
  }
}
