import type { JsonValue } from '@daybook/eventsourcing';
import { foldEvent } from './fold.js';
import { documentName } from './names.js';
import type { ProjectedEvent, Projection, Row } from './projection.js';

/** What projections were at a place of one space's history: the live folds over it, and nothing written anywhere. */
export interface FoldedHistory {
  document<Document extends JsonValue, Event extends ProjectedEvent>(
    projection: Projection<Document, Event>,
    key: string,
  ): Document | null;
  rows<Document extends JsonValue, Event extends ProjectedEvent>(projection: Projection<Document, Event>): readonly Row[];
}

/** Events of one space, in the order of the log and from its beginning. Throws a FoldError where a live fold would. */
export function foldHistory(projections: readonly Projection[], events: Iterable<ProjectedEvent>): FoldedHistory {
  const documents = new Map<string, JsonValue | null>();
  const tables = new Map<string, Map<string, Row>>(projections.map(({ name }) => [name, new Map()]));
  const read = (projection: Pick<Projection, 'name' | 'version'>, key: string): JsonValue | null =>
    documents.get(idOf(projection, key)) ?? null;
  for (const event of events) {
    const effect = foldEvent({ projections }, event, read);
    for (const { projection, key, document } of effect.documents) documents.set(idOf(projection, key), document);
    for (const { projection, keyText, row } of effect.rows) {
      if (row === null) tables.get(projection.name)?.delete(keyText);
      else tables.get(projection.name)?.set(keyText, row);
    }
  }
  return {
    document: <Document extends JsonValue>(projection: Pick<Projection, 'name' | 'version'>, key: string) =>
      read(projection, key) as Document | null,
    rows: ({ name }) => [...(tables.get(name)?.values() ?? [])],
  };
}

function idOf(projection: Pick<Projection, 'name' | 'version'>, key: string): string {
  return `${documentName(projection)}\0${key}`;
}
