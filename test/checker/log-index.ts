import type { Append, Operation, SeenEvent } from './history.js';
import { Frontier } from './frontier.js';
import type { Violations } from './verdict.js';

/** An event of the log, and what the history says about it. */
export interface Logged {
  readonly event: SeenEvent;
  /** Place in the whole log. */
  readonly at: number;
  /** The call that sent it first; null for what nobody sent. */
  sentBy: Append | null;
  /** Earliest moment at which somebody provably knew that it is there, and the call that shows it. */
  knownAt: number;
  knownBy: Operation | null;
}

export function sentAt({ sentBy }: Logged): number {
  return sentBy?.t_invoke ?? -Infinity;
}

/** Some events of the log in its order: one stream, all that a filter lets through, or everything. */
export class Sequence {
  private known: Frontier | undefined;
  private sent: Frontier | undefined;

  constructor(
    readonly entries: readonly Logged[],
    private readonly keyOf: (event: SeenEvent) => bigint,
  ) {}

  /** Index of the first entry at or behind this key. */
  from(key: bigint): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = this.entries[middle];
      if (entry !== undefined && this.keyOf(entry.event) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the last entry that was known before the moment; -1 for none. Once asked, nothing may become known any more. */
  knownBefore(moment: number): number {
    this.known ??= new Frontier(this.entries.length, (index) => this.entries[index]?.knownAt ?? Infinity);
    return this.known.before(moment);
  }

  /** Index of the last entry that may have been there before the moment. */
  possibleBefore(moment: number): number {
    this.sent ??= new Frontier(this.entries.length, (index) => sentAt(this.entries[index] as Logged));
    return this.sent.before(moment);
  }
}

const EVERYTHING = '';

export class LogIndex {
  readonly all: Sequence;
  readonly byId = new Map<string, Logged[]>();
  private readonly streams = new Map<string, Sequence>();
  private readonly filtered = new Map<string, Sequence>();

  constructor(log: readonly SeenEvent[]) {
    const entries = log.map((event, at): Logged => ({ event, at, sentBy: null, knownAt: Infinity, knownBy: null }));
    const byStream = new Map<string, Logged[]>();
    for (const entry of entries) {
      push(this.byId, entry.event.id, entry);
      push(byStream, entry.event.stream, entry);
    }
    this.all = new Sequence(entries, byPosition);
    this.filtered.set(EVERYTHING, this.all);
    for (const [stream, ofStream] of byStream) this.streams.set(stream, new Sequence(ofStream, byRevision));
  }

  stream(name: string): Sequence {
    return this.streams.get(name) ?? NOTHING;
  }

  everyStream(): Iterable<Sequence> {
    return this.streams.values();
  }

  matching(prefixes: readonly string[] | null): Sequence {
    if (prefixes === null) return this.all;
    const key = prefixes.join('\0');
    const known = this.filtered.get(key);
    if (known !== undefined && key !== EVERYTHING) return known;
    const matches = ({ event }: Logged): boolean => prefixes.some((prefix) => event.stream.startsWith(prefix));
    const made = new Sequence(this.all.entries.filter(matches), byPosition);
    this.filtered.set(key, made);
    return made;
  }
}

const byPosition = ({ position }: SeenEvent): bigint => position;
const byRevision = ({ revision }: SeenEvent): bigint => revision;
const NOTHING = new Sequence([], byRevision);

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** I3: what can be seen from the log alone. */
export function checkLog(index: LogIndex, violations: Violations): void {
  const { entries } = index.all;
  for (const [at, { event }] of entries.entries()) {
    const before = entries[at - 1]?.event;
    if (before !== undefined && event.position <= before.position) {
      violations.add('I3 log', `position ${event.position} follows ${before.position}`, { log: [before, event] });
    }
  }
  for (const stream of index.everyStream()) {
    for (const [at, { event }] of stream.entries.entries()) {
      const before = stream.entries[at - 1]?.event;
      if (event.revision === (before?.revision ?? -1n) + 1n) continue;
      const log = before === undefined ? [event] : [before, event];
      violations.add('I3 log', `${event.stream} has revision ${event.revision} in the place of ${(before?.revision ?? -1n) + 1n}`, { log });
    }
  }
}
