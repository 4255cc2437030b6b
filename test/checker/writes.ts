import type { Append } from './history.js';
import type { Logged, LogIndex } from './log-index.js';
import type { Violations } from './verdict.js';

/** All calls that sent the same events to the same place: one append, and what asked again. */
interface Write {
  readonly first: Append;
  readonly attempts: Append[];
}

/** I1 and I4: what became of every append. Notes at each event of the log who sent it and who was told that it is there. */
export function checkWrites(appends: Iterable<Append>, index: LogIndex, violations: Violations): void {
  for (const { first, attempts } of writesOf(appends)) {
    const stored = first.value.ids.map((id) => index.byId.get(id) ?? []);
    const entries = stored.flat();
    note(attempts, entries);
    const acknowledged = attempts.find(({ type }) => type === 'ok');
    if (entries.length === 0) {
      if (acknowledged !== undefined) violations.add('I1 durable', 'acknowledged, then lost', { operations: [acknowledged] });
      continue;
    }
    const log = entries.map(({ event }) => event);
    const broken = stored.find((found) => found.length !== 1);
    if (broken !== undefined) {
      const sentence = broken.length === 0 ? 'only a part of an append is in the log' : 'an append is in the log more than once';
      violations.add('I1 whole', sentence, { operations: attempts, log });
    } else if (!isOneRun(entries, first.value.stream)) {
      violations.add('I1 whole', 'the events of an append do not follow each other', { operations: [first], log });
    }
    for (const attempt of attempts) checkPlace(attempt, entries, violations);
    const refused = attempts.find(({ type, value }) => type === 'fail' && value.reason === 'conflict' && value.expected !== 'any');
    if (attempts.every(({ type }) => type === 'fail') || refused !== undefined) {
      violations.add('I4 no effect', 'refused, and in the log', { operations: refused === undefined ? attempts : [refused], log });
    }
  }
  for (const { event, sentBy } of index.all.entries) {
    if (sentBy === null && !isSystem(event.stream)) violations.add('I4 sent', 'in the log, and nobody sent it', { log: [event] });
  }
}

function writesOf(appends: Iterable<Append>): Iterable<Write> {
  const writes = new Map<string, Write>();
  for (const append of appends) {
    const { ids, stream, expected } = append.value;
    const [id] = ids;
    if (id === undefined) continue;
    const known = writes.get(id);
    if (known === undefined) {
      writes.set(id, { first: append, attempts: [append] });
      continue;
    }
    const { value } = known.first;
    if (value.stream !== stream || value.expected !== expected || value.ids.join() !== ids.join()) {
      throw new TypeError(`${append.proc}/${append.seq} sends other events, or to another place, under the id ${id}`);
    }
    known.attempts.push(append);
  }
  return writes.values();
}

function note(attempts: readonly Append[], entries: readonly Logged[]): void {
  const sentBy = attempts.reduce((one, other) => (other.t_invoke < one.t_invoke ? other : one));
  for (const entry of entries) {
    entry.sentBy = sentBy;
    for (const attempt of attempts) {
      if (attempt.type === 'ok' && attempt.t_done < entry.knownAt) Object.assign(entry, { knownAt: attempt.t_done, knownBy: attempt });
    }
  }
}

function isOneRun(entries: readonly Logged[], stream: string): boolean {
  return entries.every(({ event, at }, index) => {
    const before = entries[index - 1];
    return event.stream === stream && (before === undefined || (at === before.at + 1 && event.revision === before.event.revision + 1n));
  });
}

function checkPlace(attempt: Append, entries: readonly Logged[], violations: Violations): void {
  const { type, value } = attempt;
  const [first, last] = [entries[0]?.event, entries.at(-1)?.event];
  if (type !== 'ok' || first === undefined || last === undefined) return;
  const isThere =
    (value.expected === 'any' || first.revision === value.expected + 1n) &&
    (value.revision === undefined || last.revision === value.revision) &&
    (value.position === undefined || last.position === value.position);
  if (!isThere) violations.add('I1 durable', 'acknowledged elsewhere than it is', { operations: [attempt], log: [last] });
}

function isSystem(stream: string): boolean {
  return stream.startsWith('$');
}
