import { eventBytes, writableEvents, type WritableEvent } from './append-rules.js';
import {
  NO_EVENTS,
  StoreUnavailableError,
  WrongExpectedRevisionError,
  type AppendResult,
  type EventStore,
  type JsonObject,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type Revision,
  type SubscribeOptions,
  type SubscriptionMessage,
} from './store.js';

/** As the server: a filtered subscription names its place after this many considered events. */
export const EVENTS_PER_CHECKPOINT = 32;

/** Room the server's own first records take: the first event of a log is never at position zero. */
const FIRST_POSITION = 2_048n;
const RECORD_OVERHEAD_BYTES = 96;

interface StoredEvent extends WritableEvent {
  readonly stream: string;
  readonly revision: Revision;
  readonly position: Position;
}

/**
 * The event store port in memory, for tests. It keeps every promise of the server and none that the server does not
 * make: what is read back has been through JSON, positions have gaps, only positions it has issued are understood, and
 * an append is answered a turn later than its events can be read. Nothing here survives the process.
 */
export class MemoryStore implements EventStore {
  private log: StoredEvent[] = [];
  private streams = new Map<string, StoredEvent[]>();
  private end = FIRST_POSITION;
  private closed = false;
  private connection = new AbortController();
  private wakers = new Set<() => void>();

  async append(stream: string, events: readonly NewEvent[], expectedRevision: Revision): Promise<AppendResult> {
    const writable = writableEvents(stream, events, expectedRevision);
    await Promise.resolve();
    this.assertOpen();
    const last = this.repeated(stream, writable, expectedRevision) ?? this.commit(stream, writable, expectedRevision);
    await Promise.resolve();
    return { revision: last.revision, position: last.position };
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    await Promise.resolve();
    this.assertOpen();
    const { from, direction = 'forwards', maxCount = Infinity } = options;
    const events = [...(this.streams.get(stream) ?? [])];
    const selected =
      direction === 'forwards'
        ? events.filter(({ revision }) => from === undefined || revision >= from)
        : events.filter(({ revision }) => from === undefined || revision <= from).reverse();
    yield* selected.slice(0, maxCount).map(recorded);
  }

  async *readAll(options: ReadAllOptions = {}): AsyncIterable<RecordedEvent> {
    await Promise.resolve();
    this.assertOpen();
    const { after, direction = 'forwards', maxCount = Infinity } = options;
    this.assertIssued(after);
    const selected =
      direction === 'forwards'
        ? this.log.filter(({ position }) => after === undefined || position > after)
        : this.log.filter(({ position }) => after === undefined || position < after).reverse();
    yield* selected.slice(0, maxCount).map(recorded);
  }

  async eventAt(position: Position): Promise<RecordedEvent | null> {
    await Promise.resolve();
    this.assertOpen();
    const found = this.log[this.indexAfter(position) - 1];
    return found?.position === position ? recorded(found) : null;
  }

  async *subscribe({ after, streamPrefixes, signal }: SubscribeOptions): AsyncIterable<SubscriptionMessage> {
    await Promise.resolve();
    this.assertOpen();
    this.assertIssued(after);
    const connection = this.connection.signal;
    let next = this.indexAfter(after ?? 0n);
    let considered = 0;
    let live = false;
    while (!signal.aborted) {
      if (connection.aborted) throw new StoreUnavailableError('the subscription was dropped');
      const event = this.log[next];
      if (event === undefined) {
        if (live) await this.nextCommit(signal, connection);
        else yield { kind: 'caught-up' };
        live = true;
        continue;
      }
      // A position, not an index, is what survives a log that goes back below us.
      next = this.indexAfter(event.position);
      considered += 1;
      const isWanted = streamPrefixes.some((prefix) => event.stream.startsWith(prefix));
      if (isWanted) yield { kind: 'event', event: recorded(event) };
      if (considered % EVENTS_PER_CHECKPOINT === 0) yield { kind: 'checkpoint', position: event.position };
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.dropSubscriptions();
    await Promise.resolve();
  }

  /** Test control: every running subscription rejects, as after a lost connection. */
  dropSubscriptions(): void {
    this.connection.abort();
    this.connection = new AbortController();
    this.wake();
  }

  /** Test control: the log goes back to what it was at a position, as after a restore from an older copy. */
  goBackTo(position: Position): void {
    this.log = this.log.filter((event) => event.position <= position);
    this.streams = new Map();
    for (const event of this.log) this.events(event.stream).push(event);
    this.end = this.log.reduce((_, event) => event.position + recordBytes(event), FIRST_POSITION);
    this.dropSubscriptions();
  }

  /** Test control: everything committed, in order. */
  contents(): readonly RecordedEvent[] {
    return this.log.map(recorded);
  }

  /**
   * With an explicit revision the server's memory is the stream itself: the same ids right behind the expected revision
   * are the same append. Any other id there is a conflict; the same id further on is another event.
   */
  private repeated(stream: string, writable: readonly WritableEvent[], expected: Revision): StoredEvent | undefined {
    const stored = this.events(stream);
    const current = BigInt(stored.length) - 1n;
    if (expected === current) return undefined;
    const sameIds = writable.every(({ id }, index) => stored[Number(expected) + 1 + index]?.id === id);
    const last = stored[Number(expected) + writable.length];
    if (expected < current && sameIds && last !== undefined) return last;
    throw new WrongExpectedRevisionError(stream, expected, current);
  }

  private commit(stream: string, writable: readonly WritableEvent[], expected: Revision): StoredEvent {
    let last: StoredEvent | undefined;
    for (const [index, event] of writable.entries()) {
      last = { ...event, stream, revision: expected + 1n + BigInt(index), position: this.end };
      this.end += recordBytes(event);
      this.log.push(last);
      this.events(stream).push(last);
    }
    if (last === undefined) throw new RangeError('an append without events reached the log');
    this.wake();
    return last;
  }

  private events(stream: string): StoredEvent[] {
    const known = this.streams.get(stream);
    if (known !== undefined) return known;
    const fresh: StoredEvent[] = [];
    this.streams.set(stream, fresh);
    return fresh;
  }

  /** Index of the first event behind a position. */
  private indexAfter(position: Position): number {
    let low = 0;
    let high = this.log.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = this.log[middle];
      if (event !== undefined && event.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private assertIssued(position: Position | undefined): void {
    const last = this.log.at(-1);
    // Beyond the end the server does not complain: it says nothing, which is the trap a checkpoint's event id is for.
    if (position === undefined || position > (last?.position ?? NO_EVENTS)) return;
    const event = this.log[this.indexAfter(position) - 1];
    if (event?.position !== position) throw new RangeError(`position ${position} was not issued by this log`);
  }

  private assertOpen(): void {
    if (this.closed) throw new StoreUnavailableError('the store is closed');
  }

  private async nextCommit(signal: AbortSignal, connection: AbortSignal): Promise<void> {
    if (signal.aborted || connection.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.wakers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  private wake(): void {
    for (const wake of [...this.wakers]) wake();
  }
}

function recordBytes(event: WritableEvent): bigint {
  return BigInt(RECORD_OVERHEAD_BYTES + eventBytes(event));
}

function recorded({ id, type, dataText, metadataText, stream, revision, position }: StoredEvent): RecordedEvent {
  return {
    id,
    type,
    data: JSON.parse(dataText) as JsonObject,
    metadata: JSON.parse(metadataText) as JsonObject,
    stream,
    revision,
    position,
  };
}
