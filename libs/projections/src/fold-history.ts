import type { JsonValue } from '@daybook/eventsourcing';
import { orFoldError, rowsOf, stepsOf } from './fold.js';
import type { ProjectedEvent, Projection, Row } from './projection.js';

/** What projections were at a place of one space's history: the live folds over it, and nothing written anywhere. */
export interface FoldedHistory {
  document<Document extends JsonValue, Event extends ProjectedEvent>(
    projection: Projection<Document, Event>,
    key: string,
  ): Document | null;
  rows<Document extends JsonValue, Event extends ProjectedEvent>(projection: Projection<Document, Event>): readonly Row[];
}

/**
 * Events of one space, in the order of the log and from its beginning. A projection is folded when it is first asked
 * for, and its rows only when they are: they often cost more than the documents. Throws a FoldError where a live fold
 * would.
 */
export function foldHistory(projections: readonly Projection[], events: readonly ProjectedEvent[]): FoldedHistory {
  const named = (name: string): Projection => {
    const found = projections.find((projection) => projection.name === name);
    if (found === undefined) throw new TypeError(`${name} is not among the projections of this history`);
    return found;
  };
  const documents = remembered((name) => foldAll(named(name), events, () => undefined));
  const rows = remembered((name) => foldRows(named(name), events));
  return {
    document: <Document extends JsonValue>({ name }: Pick<Projection, 'name'>, key: string) =>
      (documents(name).get(key) ?? null) as Document | null,
    rows: ({ name }) => rows(name),
  };
}

function foldRows(projection: Projection, events: readonly ProjectedEvent[]): readonly Row[] {
  const rows = new Map<string, Row>();
  foldAll(projection, events, (event, steps) => {
    for (const { keyText, row } of rowsOf(projection, event, steps)) {
      if (row === null) rows.delete(keyText);
      else rows.set(keyText, row);
    }
  });
  return [...rows.values()];
}

/** The documents at the end, by key. */
function foldAll(
  projection: Projection,
  events: readonly ProjectedEvent[],
  then: (event: ProjectedEvent, steps: ReturnType<typeof stepsOf>) => void,
): ReadonlyMap<string, JsonValue | null> {
  const documents = new Map<string, JsonValue | null>();
  orFoldError(projection, () => {
    for (const event of events) {
      const steps = stepsOf(projection, event, (_projection, key) => documents.get(key) ?? null);
      for (const { key, after } of steps) if (key !== null) documents.set(key, after);
      then(event, steps);
    }
  });
  return documents;
}

function remembered<Value>(make: (name: string) => Value): (name: string) => Value {
  const made = new Map<string, Value>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(name);
    made.set(name, value);
    return value;
  };
}
