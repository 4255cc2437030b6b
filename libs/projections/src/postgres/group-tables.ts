import type { Pool, PoolClient } from 'pg';
import { assertNames, physicalTable } from '../names.js';
import type { Projection, ProjectionGroup, TableSpec } from '../projection.js';
import { allBuckets } from '../space.js';
import { dropViews, prepareViews } from './group-views.js';
import type { WrittenColumn, WrittenTable } from './table-writer.js';

/** The rows were folded with other projections than this program has: a rebuild, not a start, is what helps. */
export class GroupChangedError extends Error {
  override readonly name = 'GroupChangedError';
}

/**
 * Makes the read models' tables and the group's checkpoints where they are missing. Any number of processes may do so
 * at once. Refuses rows of other projections or versions.
 */
export async function prepareGroup(pool: Pool, group: ProjectionGroup): Promise<void> {
  assertNames(group);
  await inTransaction(pool, async (client) => {
    await lockGroup(client, group);
    const stored = await storedTables(client, group);
    const wanted = tablesOf(group);
    if (stored === wanted) return prepareViews(client, group);
    if (stored !== null) throw new GroupChangedError(`the rows of ${group.name} are ${stored}, this program has ${wanted}`);
    await client.query('insert into projection_groups (group_name, tables) values ($1, $2)', [group.name, wanted]);
    for (const projection of group.projections) await client.query(tableDefinition(projection));
    await client.query('insert into projection_buckets (group_name, bucket) select $1, unnest($2::smallint[])', [
      group.name,
      allBuckets(),
    ]);
    await prepareViews(client, group);
  });
}

/** Drops all a group ever wrote: the next start folds its log from the beginning. Nobody may be running it. */
export async function forgetGroup(pool: Pool, group: ProjectionGroup): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockGroup(client, group);
    await dropViews(client, group.name);
    const tables = JSON.parse((await storedTables(client, group)) ?? '{}') as Record<string, string>;
    for (const table of Object.values(tables)) {
      await client.query(`drop view if exists "${table.replace(/_v\d+$/, '')}"`);
      await client.query(`drop table if exists "${table}"`);
    }
    const own = ['groups', 'members', 'buckets', 'documents', 'parked'].map((name) => `projection_${name}`);
    for (const table of [...own, 'audit_log', 'changefeed', 'changefeed_heads']) {
      await client.query(`delete from ${table} where group_name = $1`, [group.name]);
    }
  });
}

async function lockGroup(client: PoolClient, { name }: ProjectionGroup): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('projection group ' || $1, 0))`, [name]);
}

async function storedTables(client: PoolClient, { name }: ProjectionGroup): Promise<string | null> {
  const { rows } = await client.query<{ tables: string }>('select tables from projection_groups where group_name = $1', [name]);
  return rows[0]?.tables ?? null;
}

/** JSON {projection: table with version}, whatever order the group lists them in. */
function tablesOf({ projections }: ProjectionGroup): string {
  const tables = projections.map((projection) => [projection.name, physicalTable(projection)] as const);
  return JSON.stringify(Object.fromEntries(tables.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** How the engine writes a read model: its own columns first and last. */
export function readModelTable(projection: Projection): WrittenTable {
  const { table } = projection;
  const columns = Object.entries(table.columns).map(([name, type]): WrittenColumn => ({ name, type }));
  const isKey = ({ name }: WrittenColumn) => table.key.includes(name);
  const key = table.key.flatMap((name) => columns.filter((column) => column.name === name));
  return {
    name: `"${physicalTable(projection)}"`,
    key: [{ name: 'space', type: 'text' }, ...key],
    rest: [...columns.filter((column) => !isKey(column)), { name: 'position', type: 'bigint' }],
  };
}

/** The view keeps its name when the rows move to another version; it is made by whichever version comes first. */
function tableDefinition(projection: Projection): string {
  const { table } = projection;
  const physical = physicalTable(projection);
  const columns = Object.entries(table.columns).map(([name, type]) => `"${name}" ${type}`);
  const key = ['space', ...table.key].map((name) => `"${name}"`).join(', ');
  const listed = ['space', ...Object.keys(table.columns), 'position'].map((name) => `"${name}"`).join(', ');
  return `
    create table "${physical}" (space text not null, ${columns.join(', ')}, position bigint not null, primary key (${key}));
    ${indexDefinitions(physical, table)}
    do $do$ begin
      if to_regclass('"${table.name}"') is null then
        create view "${table.name}" with (security_invoker = true) as select ${listed} from "${physical}";
      end if;
    end $do$;`;
}

/** Unique means unique within a space: a fold sees no other. */
function indexDefinitions(physical: string, { indexes = [] }: TableSpec): string {
  return indexes
    .map(({ columns, unique = false }) => {
      const listed = ['space', ...columns].map((name) => `"${name}"`).join(', ');
      return `create ${unique ? 'unique ' : ''}index on "${physical}" (${listed});`;
    })
    .join('\n');
}

async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await client.query('begin');
    await work(client);
    await client.query('commit');
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release(failure);
  }
}
