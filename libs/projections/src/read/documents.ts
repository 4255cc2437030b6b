import type { JsonValue } from '@daybook/eventsourcing';
import { sql, type QueryExecutorProvider } from 'kysely';
import { documentName } from '../names.js';
import type { ProjectedEvent, Projection, Space } from '../projection.js';
import { spaceKey } from '../space.js';

/** The transaction of a `ReadModels.read`, whichever tables its reader knows. */
export type ReadTransaction = QueryExecutorProvider;

/**
 * The document that a projection's next event would be folded onto: for answers that are computed rather than listed.
 * null where no event has named it yet.
 */
export async function readDocument<Document extends JsonValue, Event extends ProjectedEvent>(
  trx: ReadTransaction,
  group: string,
  projection: Projection<Document, Event>,
  space: Space,
  key: string,
): Promise<Document | null> {
  const { rows } = await sql<{ document: string }>`
    select document from projection_documents
     where space = ${spaceKey(space)} and group_name = ${group}
       and projection = ${documentName(projection)} and key = ${key}`.execute(trx);
  const [row] = rows;
  return row === undefined ? null : (JSON.parse(row.document) as Document);
}
