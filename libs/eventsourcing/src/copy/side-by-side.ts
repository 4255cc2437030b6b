import type { RecordedEvent } from '../store.js';

/** The events at the same place of two logs; one is missing behind the end of the shorter. */
export interface Pair {
  readonly source: RecordedEvent | undefined;
  readonly target: RecordedEvent | undefined;
}

/** Two logs event by event, each read once. Ends with the longer one, or when the caller has seen enough. */
export async function* sideBySide(
  source: AsyncIterable<RecordedEvent>,
  target: AsyncIterable<RecordedEvent>,
): AsyncGenerator<Pair> {
  const sources = source[Symbol.asyncIterator]();
  const targets = target[Symbol.asyncIterator]();
  try {
    for (;;) {
      const [one, other] = await Promise.all([sources.next(), targets.next()]);
      if (one.done && other.done) return;
      yield { source: one.done ? undefined : one.value, target: other.done ? undefined : other.value };
    }
  } finally {
    await Promise.all([sources.return?.(), targets.return?.()]);
  }
}

/** All of an event but its position, which is the log's own; JSON keeps the fields apart whatever they contain. */
export function contentOf({ stream, revision, id, type, data, metadata }: RecordedEvent): string {
  return JSON.stringify([stream, revision.toString(), id, type, data, metadata]);
}
