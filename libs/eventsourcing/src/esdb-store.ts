import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  NO_STREAM,
  START,
  jsonEvent,
  streamNameFilter,
} from '@eventstore/db-client';
import { invariant, type Timers } from '@daybook/kernel';
import { writableEvents } from './append-rules.js';
import { AppendSlots } from './esdb/append-slots.js';
import { appendFailure, isNameless, isUnissuedPosition } from './esdb/client-errors.js';
import { isSystemEvent, positionOf, recordedEvent } from './esdb/client-event.js';
import { enqueue, follow, ignore, pull } from './esdb/client-streams.js';
import { Reachability } from './esdb/reachability.js';
import { LOG_STREAM } from './log-identity.js';
import {
  NO_EVENTS,
  OutcomeUnknownError,
  StoreUnavailableError,
  type AppendOptions,
  type AppendResult,
  type EventStore,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type Revision,
  type SubscribeOptions,
  type SubscriptionMessage,
} from './store.js';

/**
 * The only file that speaks to the event store client. What the client gets wrong is put right here and in esdb/, so
 * that nobody else has to know: test/conformance/esdb-client-defects.it.spec.ts has a test named after each defect.
 */
export interface EsdbOptions {
  /** `esdb://host:port?tls=false`, or a cluster's. Credentials belong here and nowhere else. */
  readonly url: string;
  readonly timers: Timers;
}

const APPEND_DEADLINE_MS = 5_000;
const READ_DEADLINE_MS = 5_000;
const DISPOSAL_MS = 1_000;

/** The client gives up a dead connection within 20 s. What it still holds after this, it will never answer. */
const NEVER_ANSWERED_MS = 30_000;

/**
 * Sixteen unsent messages fill the client's write buffer. It queues the next ones in promises that nobody catches, and
 * a connection that breaks then ends the process: the buffer is never allowed to fill.
 */
const APPENDS_IN_FLIGHT = 15;

/** The client keeps the pending appends of all its instances in one place, where they destroy each other's. */
let appendingStore: EsdbStore | null = null;

export class EsdbStore implements EventStore {
  /** Appends only: a failing read closes the channel of its client, and with it whatever else is under way there. */
  private appender: EventStoreDBClient;
  private readonly reader: EventStoreDBClient;
  private readonly slots: AppendSlots;
  private readonly timers: Timers;
  private readonly reachability = new Reachability((deadlineMs) => this.probe(deadlineMs));
  private renewing: Promise<void> | null = null;
  private closed = false;

  constructor(private readonly options: EsdbOptions) {
    // Without exceptions the client reports every conflict as a success at revision 1.
    invariant(!/throw[_-]?on[_-]?append[_-]?failure=false/i.test(options.url), 'appends must throw when they fail');
    this.timers = options.timers;
    this.slots = new AppendSlots(APPENDS_IN_FLIGHT, options.timers);
    this.reader = EventStoreDBClient.connectionString(options.url);
    this.appender = EventStoreDBClient.connectionString(options.url);
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: Revision,
    { deadlineMs = APPEND_DEADLINE_MS }: AppendOptions = {},
  ): Promise<AppendResult> {
    writableEvents(stream, events, expectedRevision);
    this.claimAppending();
    await this.slots.acquire(deadlineMs);
    try {
      await this.reachability.assure(deadlineMs);
    } catch (error) {
      this.slots.release();
      throw error;
    }
    try {
      return await this.send(stream, events, expectedRevision, deadlineMs);
    } catch (error) {
      const failure = appendFailure(error, stream, expectedRevision);
      if (failure instanceof OutcomeUnknownError) {
        this.reachability.doubt();
        if (isNameless(error)) void this.renewAppender();
      }
      throw failure;
    }
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    this.assertOpen();
    const { from, direction = 'forwards', maxCount, deadlineMs = READ_DEADLINE_MS } = options;
    if ((from !== undefined && from < 0n) || maxCount === 0) return;
    const read = this.reader.readStream(stream, {
      fromRevision: from ?? (direction === 'forwards' ? START : END),
      direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
      requiresLeader: true,
      ...(maxCount !== undefined && { maxCount }),
    });
    for await (const resolved of pull(read, this.timers, deadlineMs)) yield recordedEvent(resolved);
  }

  /** The server reads from a position inclusively forwards and exclusively backwards, and has no filter for reads. */
  async *readAll(options: ReadAllOptions = {}): AsyncIterable<RecordedEvent> {
    this.assertOpen();
    const { direction = 'forwards', maxCount = Infinity } = options;
    let from = options.after;
    for (let left = maxCount; left > 0; ) {
      const page = Number.isFinite(left) ? left + 1 : Number.MAX_SAFE_INTEGER;
      const read = this.reader.readAll({
        fromPosition: from === undefined ? (direction === 'forwards' ? START : END) : { commit: from, prepare: from },
        direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
        maxCount: page,
        requiresLeader: true,
      });
      let seen = 0;
      for await (const resolved of pull(read, this.timers, undefined)) {
        seen += 1;
        const isFirstAgain = positionOf(resolved) === from;
        from = positionOf(resolved);
        if (isFirstAgain || isSystemEvent(resolved)) continue;
        yield recordedEvent(resolved);
        left -= 1;
        if (left === 0) return;
      }
      if (seen < page) return;
    }
  }

  async eventAt(position: Position): Promise<RecordedEvent | null> {
    this.assertOpen();
    const fromPosition = { commit: position, prepare: position };
    const read = this.reader.readAll({ fromPosition, maxCount: 1, requiresLeader: true });
    try {
      for await (const resolved of pull(read, this.timers, READ_DEADLINE_MS)) {
        return positionOf(resolved) === position && !isSystemEvent(resolved) ? recordedEvent(resolved) : null;
      }
    } catch (error) {
      if (!isUnissuedPosition(error)) throw error;
    }
    return null;
  }

  async *subscribe({ after, streamPrefixes, signal }: SubscribeOptions): AsyncIterable<SubscriptionMessage> {
    this.assertOpen();
    invariant(streamPrefixes.length > 0, 'a subscription names the streams it is for');
    if (signal.aborted) return;
    const subscription = this.reader.subscribeToAll({
      fromPosition: after === undefined ? START : { commit: after, prepare: after },
      filter: streamNameFilter({
        prefixes: [...streamPrefixes],
        checkpointInterval: 1,
        checkpointReached: (source, { commit }) => enqueue(source, { kind: 'checkpoint', position: commit }),
      }),
    });
    for await (const item of follow(subscription, signal)) {
      if ('kind' in item) yield item;
      else if (!isSystemEvent(item)) yield { kind: 'event', event: recordedEvent(item) };
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const disposed = Promise.all([this.reader.dispose(), this.appender.dispose()]);
    const enough = new AbortController();
    await Promise.race([disposed, this.timers.sleep(DISPOSAL_MS, enough.signal).catch(ignore)]);
    enough.abort();
    if (appendingStore === this) appendingStore = null;
  }

  /** The client's own deadline does not hold for appends: it waits for a frozen server until the connection dies. */
  private send(
    stream: string,
    events: readonly NewEvent[],
    expected: Revision,
    deadlineMs: number,
  ): Promise<AppendResult> {
    const expectedRevision: bigint | typeof NO_STREAM = expected === NO_EVENTS ? NO_STREAM : expected;
    const options = { expectedRevision, requiresLeader: true, deadline: deadlineMs };
    const answer = this.appender.appendToStream(stream, events.map(jsonEventOf), options);
    // Disposed of, the client rejects what it holds and goes on with new streams.
    const cancelDisposal = this.timers.after(NEVER_ANSWERED_MS, () => void this.appender.dispose());
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new OutcomeUnknownError(`no answer to an append in ${deadlineMs} ms`));
      const cancelDeadline = this.timers.after(deadlineMs, late);
      answer
        .then(({ nextExpectedRevision, position }) => {
          invariant(position !== undefined, 'an append with events has a position');
          resolve({ revision: nextExpectedRevision, position: position.commit });
        })
        .catch(reject)
        .finally(() => {
          // The place is taken for as long as the client holds the append, not for as long as anybody waits for it.
          this.slots.release();
          cancelDisposal();
          cancelDeadline();
        });
    });
  }

  private async probe(deadlineMs: number): Promise<void> {
    for await (const event of this.readStream(LOG_STREAM, { maxCount: 1, deadlineMs })) void event;
  }

  /**
   * A client that fails without a reason may fail for ever: it remembers a failed answer about what a server supports.
   * Its successor comes when it holds no append any more, because two appending clients are what neither can bear.
   */
  private async renewAppender(): Promise<void> {
    this.renewing ??= this.slots.exclusively(async () => {
      await this.appender.dispose();
      this.appender = EventStoreDBClient.connectionString(this.options.url);
      this.renewing = null;
    });
    await this.renewing;
  }

  private claimAppending(): void {
    this.assertOpen();
    appendingStore ??= this;
    invariant(appendingStore === this, 'a process appends through one store: close the other one first');
  }

  private assertOpen(): void {
    if (this.closed) throw new StoreUnavailableError('the store is closed');
  }
}

/** Metadata goes as the plain object it is: the client would store a Buffer as JSON about its bytes. */
function jsonEventOf({ id, type, data, metadata }: NewEvent): ReturnType<typeof jsonEvent> {
  return jsonEvent({ id, type, data, metadata });
}
