import type { PoolClient } from 'pg';
import type { GroupView, ProjectionGroup } from '../projection.js';

/** Makes what people in psql ask, where it is not there as this program has it; all of it, because views stand on views. */
export async function prepareViews(client: PoolClient, { name, views = [] }: ProjectionGroup): Promise<void> {
  const stored = await storedViews(client, name);
  const wanted = JSON.stringify(views);
  if (stored === wanted) return;
  await dropViews(client, name);
  for (const view of views) await client.query(definition(view));
  await client.query('update projection_groups set views = $2 where group_name = $1', [name, wanted]);
}

/** Those that are there, whatever this program has. */
export async function dropViews(client: PoolClient, group: string): Promise<void> {
  const stored = JSON.parse((await storedViews(client, group)) ?? '[]') as GroupView[];
  for (const { kind, name } of stored.reverse()) await client.query(`drop ${kind} if exists "${name}"`);
}

async function storedViews(client: PoolClient, group: string): Promise<string | null> {
  const { rows } = await client.query<{ views: string }>('select views from projection_groups where group_name = $1', [group]);
  return rows[0]?.views ?? null;
}

function definition({ kind, name, sql }: GroupView): string {
  switch (kind) {
    case 'view':
      return `create view "${name}" with (security_invoker = true) as ${sql}`;
    case 'function':
      return `create function "${name}" ${sql}`;
    default:
      throw new TypeError(`no kind of view ${String(kind satisfies never)}`);
  }
}
