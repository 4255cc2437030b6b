import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  FORWARDS,
  MaxAppendSizeExceededError,
  NO_STREAM,
  START,
  StreamDeletedError,
  StreamNotFoundError,
  UnknownError,
  WrongExpectedVersionError,
  isCommandError,
  jsonEvent,
  streamNameFilter,
  type AllStreamSubscription,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import { invariant, type Timers } from '@daybook/kernel';
import { writableEvents } from './append-rules.js';
import { AppendSlots } from './append-slots.js';
import { LOG_STREAM } from './log-identity.js';
import {
  AppendRefusedError,
  NO_EVENTS,
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  WrongExpectedRevisionError,
  type AppendOptions,
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

/**
 * The only file that speaks to the event store client. What the client gets wrong is put right here, so that nobody
 * else has to know: esdb-store.it.spec.ts has a test named after each of its defects.
 */
export interface EsdbOptions {
  /** `esdb://host:port?tls=false`, or a cluster's. Credentials belong here and nowhere else. */
  readonly url: string;
  readonly timers: Timers;
}

const APPEND_DEADLINE_MS = 5_000;
const READ_DEADLINE_MS = 5_000;
const PROBE_DEADLINE_MS = 1_000;

const DISPOSAL_MS = 1_000;

/** The client gives up a dead connection within 20 s. What it still holds after this it will never answer. */
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
  /** The last thing heard of the server was silence or an error, or nothing yet. */
  private isSuspect = true;
  private probing: Promise<void> | null = null;
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
    let isSent = false;
    try {
      await this.assureReachable(deadlineMs);
      isSent = true;
      return await this.send(stream, events, expectedRevision, deadlineMs);
    } catch (error) {
      throw isSent ? this.appendFailure(error, stream, expectedRevision) : error;
    } finally {
      if (!isSent) this.slots.release();
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
    for await (const resolved of this.pull(read, deadlineMs)) yield recorded(resolved);
  }

  /** The server reads from a position inclusively forwards and exclusively backwards, and has no filter for reads. */
  async *readAll({ after, direction = 'forwards', maxCount = Infinity }: ReadAllOptions = {}): AsyncIterable<RecordedEvent> {
    this.assertOpen();
    let from = after;
    for (let left = maxCount; left > 0; ) {
      const page = Number.isFinite(left) ? left + 1 : Number.MAX_SAFE_INTEGER;
      const read = this.reader.readAll({
        fromPosition: from === undefined ? (direction === 'forwards' ? START : END) : { commit: from, prepare: from },
        direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
        maxCount: page,
        requiresLeader: true,
      });
      let seen = 0;
      for await (const resolved of this.pull(read, undefined)) {
        seen += 1;
        const position = positionOf(resolved);
        const isFirstAgain = position === from;
        from = position;
        if (isFirstAgain || isSystemEvent(resolved)) continue;
        yield recorded(resolved);
        left -= 1;
        if (left === 0) return;
      }
      if (seen < page) return;
    }
  }

  async eventAt(position: Position): Promise<RecordedEvent | null> {
    this.assertOpen();
    const fromPosition = { commit: position, prepare: position };
    const read = this.reader.readAll({ fromPosition, maxCount: 1, direction: FORWARDS, requiresLeader: true });
    try {
      for await (const resolved of this.pull(read, READ_DEADLINE_MS)) {
        return positionOf(resolved) === position && !isSystemEvent(resolved) ? recorded(resolved) : null;
      }
    } catch (error) {
      // Servers do not understand a position they have not issued. Connection trouble has names, this has none.
      if (!(error instanceof StoreUnavailableError && error.cause instanceof UnknownError)) throw error;
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
    subscription.on('caughtUp', () => enqueue(subscription, { kind: 'caught-up' }));
    subscription.on('error', ignore);
    const stop = (): unknown => subscription.destroy();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const item of subscription as AsyncIterable<ResolvedEvent | SubscriptionMessage>) {
        if ('kind' in item) yield item;
        else if (!isSystemEvent(item)) yield { kind: 'event', event: recorded(item) };
      }
      // A server that shuts down ends the stream without an error. The client resumes neither that nor anything else.
      if (!signal.aborted) throw new StoreUnavailableError('the server ended the subscription');
    } catch (error) {
      if (!signal.aborted) throw unavailable(error);
    } finally {
      signal.removeEventListener('abort', stop);
      subscription.unsubscribe().catch(ignore);
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

  /** The client's own deadline does not hold for appends: a frozen server would be waited for until the connection dies. */
  private async send(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: Revision,
    deadlineMs: number,
  ): Promise<AppendResult> {
    const answer = this.appender.appendToStream(stream, events.map(jsonEventOf), {
      expectedRevision: expectedRevision === NO_EVENTS ? NO_STREAM : expectedRevision,
      requiresLeader: true,
      deadline: deadlineMs,
    });
    // The place is taken for as long as the client holds the append, not for as long as anybody waits for it.
    // Disposed of, the client rejects what it holds and goes on with new streams.
    const cancelDisposal = this.timers.after(NEVER_ANSWERED_MS, () => void this.appender.dispose());
    const settle = (): void => {
      cancelDisposal();
      this.slots.release();
    };
    answer.then(settle, settle);
    const { nextExpectedRevision, position } = await this.within(deadlineMs, answer);
    this.isSuspect = false;
    invariant(position !== undefined, 'an append with events has a position');
    return { revision: nextExpectedRevision, position: position.commit };
  }

  private within<Answer>(deadlineMs: number, answer: Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new OutcomeUnknownError(`no answer to an append in ${deadlineMs} ms`));
      const cancel = this.timers.after(deadlineMs, late);
      answer.then(resolve, reject).finally(cancel);
    });
  }

  /**
   * Definite is only what the server has said about this very append: anything it says about a connection is said to all
   * appends on it, whatever became of them. So a broken connection, a lost leader and every error without a name are
   * unknown, and the caller asks again with the same ids.
   */
  private appendFailure(error: unknown, stream: string, expected: Revision): Error {
    if (error instanceof WrongExpectedVersionError && error.streamName === stream) {
      const actual = typeof error.actualVersion === 'bigint' ? error.actualVersion : NO_EVENTS;
      return new WrongExpectedRevisionError(stream, expected, actual);
    }
    if (error instanceof StreamDeletedError && error.streamName === stream) return new AppendRefusedError(error.message);
    if (error instanceof MaxAppendSizeExceededError) return new AppendRefusedError(error.message);
    if (error instanceof UnknownError) {
      // The embedded node refuses one append by a status the client has no name for; its text comes through.
      if (/^Could not recognize RESOURCE_EXHAUSTED: only \d+ MiB are free/.test(error.message)) {
        return new StoreFullError(error.message);
      }
      if (/^Could not recognize (RESOURCE_EXHAUSTED|UNAVAILABLE): /.test(error.message)) return unavailable(error);
    }
    this.isSuspect = true;
    if (!(error instanceof OutcomeUnknownError) && !isNamed(error)) void this.renewAppender();
    return error instanceof OutcomeUnknownError ? error : new OutcomeUnknownError(messageOf(error), { cause: error });
  }

  /**
   * After silence or an error the server is asked something harmless first. When that fails, the append has provably not
   * been sent, and the caller need not wonder.
   */
  private async assureReachable(deadlineMs: number): Promise<void> {
    this.assertOpen();
    if (!this.isSuspect) return;
    this.probing ??= this.probe(Math.min(deadlineMs, PROBE_DEADLINE_MS)).finally(() => {
      this.probing = null;
    });
    await this.probing;
    this.isSuspect = false;
  }

  private async probe(deadlineMs: number): Promise<void> {
    for await (const event of this.readStream(LOG_STREAM, { maxCount: 1, deadlineMs })) void event;
  }

  /**
   * A client that fails without a reason may fail for ever: it remembers a failed answer about what the server supports.
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

  /** One event at a time, as fast as it is asked for: behind it the stream's own small buffer, then the server waits. */
  private async *pull(read: StreamingRead<ResolvedEvent>, deadlineMs: number | undefined): AsyncGenerator<ResolvedEvent> {
    read.on('error', ignore);
    const late = (): unknown => read.destroy(new StoreUnavailableError(`no answer to a read in ${deadlineMs} ms`));
    const cancelDeadline = deadlineMs === undefined ? ignore : this.timers.after(deadlineMs, late);
    try {
      yield* read.iterator({ destroyOnReturn: false }) as AsyncIterable<ResolvedEvent>;
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw unavailable(error);
    } finally {
      cancelDeadline();
      read.cancel().catch(ignore);
      // What is abandoned half-way is emptied: the client waits for the end of every read when it is disposed of.
      read.resume();
    }
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

/**
 * The client reports checkpoints and catching up before the events that came earlier have been pulled. In the queue of
 * the events themselves they wait their turn. Never throws: the client would stall on it for ever.
 */
function enqueue(subscription: AllStreamSubscription, message: SubscriptionMessage): void {
  if (!subscription.destroyed) subscription.push(message);
}

function jsonEventOf({ id, type, data, metadata }: NewEvent) {
  return jsonEvent({ id, type, data, metadata });
}

function recorded({ event }: ResolvedEvent): RecordedEvent {
  invariant(event !== undefined && event.isJson, 'an event of Daybook is JSON');
  const { id, type, data, metadata, streamId, revision } = event;
  const position = positionOf({ event });
  return { id, type, data: data as JsonObject, metadata: (metadata ?? {}) as JsonObject, stream: streamId, revision, position };
}

function positionOf({ event }: ResolvedEvent): Position {
  const { commit, prepare } = event?.position ?? {};
  invariant(commit !== undefined && commit === prepare, 'an event has one position');
  return commit;
}

function isSystemEvent({ event }: ResolvedEvent): boolean {
  return event === undefined || event.streamId.startsWith('$') || event.type.startsWith('$');
}

function isNamed(error: unknown): boolean {
  return error instanceof Error && isCommandError(error) && !(error instanceof UnknownError);
}

function unavailable(error: unknown): StoreUnavailableError {
  return error instanceof StoreUnavailableError ? error : new StoreUnavailableError(messageOf(error), { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'the event store gave no reason';
}

function ignore(): void {
  // What went wrong is told once, by whoever iterates or awaits.
}
