import type { JsonValue } from '@daybook/eventsourcing';
import type { GroupBatch, ProjectionGroup, Row, TableSpec } from '@daybook/projections';
import type pg from 'pg';

/** Everything a group is, in one comparable form, whether Postgres holds it or a fold in memory. */
export interface GroupState {
  readonly audit: readonly unknown[];
  readonly documents: readonly unknown[];
  readonly feed: readonly unknown[];
  readonly heads: readonly unknown[];
  readonly parked: readonly unknown[];
  readonly rows: Readonly<Record<string, readonly unknown[]>>;
}

const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;

export async function storedState(pool: pg.Pool, group: ProjectionGroup): Promise<GroupState> {
  const listed = async (sql: string): Promise<readonly unknown[]> => {
    const { rows } = await pool.query<{ one: unknown }>(`select to_jsonb(r) as one from (${sql}) r`);
    return sorted(rows.map(({ one }) => one));
  };
  const rows: Record<string, readonly unknown[]> = {};
  for (const { table } of group.projections) {
    const columns = Object.entries(table.columns).map(([name, type]) => {
      if (type === 'timestamptz') return `to_char(${name} at time zone 'UTC', ${INSTANT}) as ${name}`;
      return type === 'bigint' ? `${name}::text` : name;
    });
    rows[table.name] = await listed(`select space, ${columns.join(', ')}, position::text from ${table.name}`);
  }
  return {
    audit: await listed(
      `select space, position::text, seq, stream, revision::text, event_id, type, actor, data, metadata,
              to_char(recorded_at at time zone 'UTC', ${INSTANT}) as recorded_at from audit_log`,
    ),
    documents: await listed('select projection, space, key, document, position::text from projection_documents'),
    feed: await listed(
      `select space, v, position::text, command_ids, ops, to_char(recorded_at at time zone 'UTC', ${INSTANT}) as recorded_at
         from changefeed`,
    ),
    heads: await listed('select space, v, position::text from changefeed_heads'),
    parked: await listed(
      `select space, position::text, event_id, projection, reason, attempts,
              to_char(since at time zone 'UTC', ${INSTANT}) as since from projection_parked`,
    ),
    rows,
  };
}

export function foldedState(batch: GroupBatch, group: ProjectionGroup): GroupState {
  const rows: Record<string, readonly unknown[]> = {};
  for (const projection of group.projections) {
    const held = [...(batch.rows.get(projection)?.values() ?? [])].filter(({ row }) => row !== null);
    const { name, columns } = projection.table;
    rows[name] = sorted(held.map(({ space, row, position }) => ({ space, ...stored(columns, row), position: String(position) })));
  }
  const documents = [...batch.documents.values()].filter(({ text }) => text !== null);
  return {
    audit: sorted(
      batch.audit.map(({ position, revision, eventId, recordedAt, ...row }) => ({
        ...row,
        position: String(position),
        revision: String(revision),
        event_id: eventId,
        recorded_at: recordedAt,
      })),
    ),
    documents: sorted(
      documents.map(({ name, space, key, text, position }) => ({
        projection: name,
        space,
        key,
        document: text,
        position: String(position),
      })),
    ),
    feed: sorted(
      batch.feed.map(({ space, v, position, commandId, ops, recordedAt }) => ({
        space,
        v,
        position: String(position),
        command_ids: [commandId],
        ops,
        recorded_at: recordedAt,
      })),
    ),
    heads: sorted([...batch.heads].map(([space, { v, position }]) => ({ space, v, position: String(position) }))),
    parked: sorted([...batch.parked.values()].map(({ eventId, position, ...park }) => ({ ...park, position: String(position), event_id: eventId }))),
    rows,
  };
}

/** A whole number may be written as a number or as digits. */
function stored(columns: TableSpec['columns'], row: Row | null): Row {
  const isWhole = (column: string, value: JsonValue): boolean => columns[column] === 'bigint' && value !== null;
  return Object.fromEntries(Object.entries(row ?? {}).map(([column, value]) => [column, isWhole(column, value) ? String(value) : value]));
}

function sorted(rows: readonly unknown[]): readonly unknown[] {
  return rows.map((row) => [canonical(row), row] as const).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
