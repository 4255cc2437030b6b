import type { JsonValue } from '@daybook/eventsourcing';
import { freezeJson } from './json.js';
import { keysOf } from './names.js';
import type { ProjectedEvent, Projection, ProjectionGroup, Row, RowChange } from './projection.js';
import { checkKey, checkRow, rowKey } from './rows.js';

export const DOCUMENT_BYTES_MAX = 64 * 1024;
export const FEED_ROW_BYTES_MAX = 64 * 1024;

/** What one event does to one document. */
export interface DocumentEffect {
  readonly projection: Projection;
  readonly key: string;
  readonly document: JsonValue | null;
  readonly text: string | null;
}

/** What one event does to one row; `row` is null when it goes. */
export interface RowEffect {
  readonly projection: Projection;
  readonly key: Row;
  readonly keyText: string;
  readonly row: Row | null;
}

export interface EventEffect {
  readonly documents: readonly DocumentEffect[];
  readonly rows: readonly RowEffect[];
  /** The rows as the feed carries them; null when they are too many to carry. */
  readonly ops: string | null;
}

/** Reads a document as it is before the event; whoever folds has loaded it. */
export type ReadDocument = (projection: Projection, key: string) => JsonValue | null;

/** A fold threw, or what it made cannot be stored: the space is parked at this event. */
export class FoldError extends Error {
  override readonly name = 'FoldError';
  constructor(
    readonly projection: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${projection}: ${reason}`, options);
  }
}

/** All projections of a group over one event: all of it or, by a throw, none of it. */
export function foldEvent(
  group: Pick<ProjectionGroup, 'projections'>,
  event: ProjectedEvent,
  read: ReadDocument,
): EventEffect {
  const documents: DocumentEffect[] = [];
  const rows: RowEffect[] = [];
  for (const projection of group.projections) {
    if (!projection.handles.includes(event.type)) continue;
    try {
      foldProjection(projection, event, read, documents, rows);
    } catch (error) {
      throw new FoldError(projection.name, error instanceof Error ? error.message : String(error), { cause: error });
    }
  }
  return { documents, rows, ops: feedOps(rows) };
}

function foldProjection(
  projection: Projection,
  event: ProjectedEvent,
  read: ReadDocument,
  documents: DocumentEffect[],
  rows: RowEffect[],
): void {
  const keys = keysOf(projection, event);
  const changes: RowChange[] = keys === null ? [...projection.rows(null, null, event, null)] : [];
  for (const key of keys ?? []) {
    const before = read(projection, key);
    const after = projection.evolve(before, event, key);
    if (after !== before) documents.push(documentEffect(projection, key, after));
    changes.push(...projection.rows(before, after, event, key));
  }
  rows.push(...rowEffects(projection, changes));
}

function documentEffect(projection: Projection, key: string, document: JsonValue | null): DocumentEffect {
  if (document === null) return { projection, key, document, text: null };
  freezeJson(document, 'document');
  const text = JSON.stringify(document);
  const bytes = Buffer.byteLength(text);
  if (bytes > DOCUMENT_BYTES_MAX) throw new RangeError(`the document has ${bytes} bytes, at most ${DOCUMENT_BYTES_MAX}`);
  return { projection, key, document, text };
}

/** In order of first mention; the last word on a row counts. */
function rowEffects(projection: Projection, changes: readonly RowChange[]): readonly RowEffect[] {
  const { table } = projection;
  const effects = new Map<string, RowEffect>();
  for (const change of changes) {
    if (change.op === 'put') {
      checkRow(table, change.row);
      const keyText = rowKey(table, change.row);
      effects.set(keyText, { projection, key: change.row, keyText, row: change.row });
    } else {
      checkKey(table, change.key);
      const keyText = rowKey(table, change.key);
      effects.set(keyText, { projection, key: change.key, keyText, row: null });
    }
  }
  return [...effects.values()];
}

function feedOps(rows: readonly RowEffect[]): string | null {
  if (rows.length === 0) return '[]';
  const ops = rows.map(({ projection, keyText, row }) => {
    const subject = `"m":${JSON.stringify(projection.table.name)},"k":${keyText}`;
    return row === null ? `{${subject},"o":"del"}` : `{${subject},"o":"put","r":${JSON.stringify(row)}}`;
  });
  const text = `[${ops.join(',')}]`;
  return Buffer.byteLength(text) > FEED_ROW_BYTES_MAX ? null : text;
}
