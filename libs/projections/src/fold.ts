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
    orFoldError(projection, () => {
      const steps = stepsOf(projection, event, read);
      for (const { key, before, after } of steps) {
        if (key !== null && after !== before) documents.push(documentEffect(projection, key, after));
      }
      rows.push(...rowsOf(projection, event, steps));
    });
  }
  return { documents, rows, ops: feedOps(rows) };
}

/** One document before and after an event; a feed has none, and one step all the same. */
export type FoldStep =
  | { readonly key: string; readonly before: JsonValue | null; readonly after: JsonValue | null }
  | { readonly key: null; readonly before: null; readonly after: null };

const FEED_STEP: FoldStep = { key: null, before: null, after: null };

/** What one event does to the documents of one projection. */
export function stepsOf(projection: Projection, event: ProjectedEvent, read: ReadDocument): readonly FoldStep[] {
  if (!projection.handles.includes(event.type)) return [];
  const keys = keysOf(projection, event);
  if (keys === null) return [FEED_STEP];
  return keys.map((key) => {
    const before = read(projection, key);
    const after = projection.evolve(before, event, key);
    if (after !== before) freezeJson(after, 'document');
    return { key, before, after };
  });
}

/** What the steps of one event do to the rows of their projection. */
export function rowsOf(projection: Projection, event: ProjectedEvent, steps: readonly FoldStep[]): readonly RowEffect[] {
  const changes = steps.flatMap(({ key, before, after }) => projection.rows(before, after, event, key));
  return rowEffects(projection, changes);
}

export function orFoldError<Result>(projection: Projection, fold: () => Result): Result {
  try {
    return fold();
  } catch (error) {
    throw new FoldError(projection.name, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function documentEffect(projection: Projection, key: string, document: JsonValue | null): DocumentEffect {
  if (document === null) return { projection, key, document, text: null };
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
