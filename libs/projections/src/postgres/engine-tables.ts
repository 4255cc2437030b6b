import type { QueryConfig } from 'pg';
import type { ColumnType } from '../projection.js';
import { arraysOf, type WrittenColumn, type WrittenRow, type WrittenTable } from './table-writer.js';

type Columns = Readonly<Record<string, ColumnType>>;

/** The engine's own tables as it writes them; migrations.ts says what they are. */
const SPACE_KEY: Columns = { space: 'text', group_name: 'text' };

export const DOCUMENTS_TABLE: WrittenTable = {
  name: 'projection_documents',
  key: columnsOf({ ...SPACE_KEY, projection: 'text', key: 'text' }),
  rest: columnsOf({ document: 'text', position: 'bigint' }),
};

export const HEADS_TABLE: WrittenTable = {
  name: 'changefeed_heads',
  key: columnsOf(SPACE_KEY),
  rest: columnsOf({ v: 'bigint', position: 'bigint' }),
};

export const PARKED_TABLE: WrittenTable = {
  name: 'projection_parked',
  key: columnsOf(SPACE_KEY),
  rest: columnsOf({
    bucket: 'integer',
    position: 'bigint',
    event_id: 'uuid',
    projection: 'text',
    reason: 'text',
    since: 'timestamptz',
    attempts: 'integer',
    retry_wanted: 'boolean',
  }),
};

export const AUDIT_COLUMNS = columnsOf({
  ...SPACE_KEY,
  position: 'bigint',
  seq: 'bigint',
  stream: 'text',
  revision: 'bigint',
  event_id: 'uuid',
  type: 'text',
  actor: 'text',
  recorded_at: 'timestamptz',
  data: 'text',
  metadata: 'text',
});

const FEED_COLUMNS = columnsOf({
  ...SPACE_KEY,
  v: 'bigint',
  bucket: 'integer',
  position: 'bigint',
  command_id: 'text',
  ops: 'text',
  recorded_at: 'timestamptz',
});

/** Rows in the order of the log: their ids follow it, and so do a reader's cursors. */
export function feedStatement(rows: readonly WrittenRow[]): QueryConfig {
  const parameters = FEED_COLUMNS.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
  const names = FEED_COLUMNS.map(({ name }) => name).join(', ');
  const text = `insert into changefeed (space, group_name, v, bucket, position, command_ids, ops, recorded_at)
    select space, group_name, v, bucket, position, array_remove(array[command_id], ''), ops, recorded_at
      from unnest(${parameters}) as f (${names})`;
  return { name: 'add changefeed', text, values: arraysOf(FEED_COLUMNS, rows) };
}

function columnsOf(columns: Columns): WrittenColumn[] {
  return Object.entries(columns).map(([name, type]) => ({ name, type }));
}
