/**
 * The port every other folder sees instead of an event store client. One adapter speaks the EventStoreDB protocol
 * (esdb-store.ts), one keeps everything in memory for tests (memory-store.ts); both pass store.contract.ts.
 * What is deliberately missing: appends without an expected revision, deletes, links, and any notion of "now".
 */

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** A log position: strictly increasing, with gaps, meaningful only inside one log. */
export type Position = bigint;

/** Revision of the last event of a stream; -1n for a stream without events. */
export type Revision = bigint;
export const NO_EVENTS: Revision = -1n;

export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  readonly revision: Revision;
  readonly position: Position;
}

export interface AppendResult {
  /** Revision of the last event of this append. */
  readonly revision: Revision;
  /** Position of the last event of this append. */
  readonly position: Position;
}

export interface AppendOptions {
  /** After this the outcome is unknown and the append rejects with OutcomeUnknownError. */
  readonly deadlineMs?: number;
}

export interface ReadStreamOptions {
  /** First revision to read, inclusive; the start of the stream (or its end, backwards) by default. */
  readonly from?: Revision;
  readonly direction?: 'forwards' | 'backwards';
  readonly maxCount?: number;
  readonly deadlineMs?: number;
}

export interface ReadAllOptions {
  /** Exclusive, in both directions. */
  readonly after?: Position;
  readonly direction?: 'forwards' | 'backwards';
  readonly maxCount?: number;
}

export interface SubscribeOptions {
  /** Exclusive; from the first event of the log by default. */
  readonly after?: Position;
  /** Only streams whose name starts with one of these. System events never arrive. */
  readonly streamPrefixes: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * `checkpoint` says that everything at or before the position has been delivered, including events the filter left out.
 * `caught-up` says that history has been delivered; it may repeat after the store fell behind.
 */
export type SubscriptionMessage =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caught-up' };

export interface EventStore {
  append(
    stream: string,
    events: readonly NewEvent[],
    expectedRevision: Revision,
    options?: AppendOptions,
  ): Promise<AppendResult>;
  /** A stream that does not exist reads as empty. Read from the leader. */
  readStream(stream: string, options?: ReadStreamOptions): AsyncIterable<RecordedEvent>;
  readAll(options?: ReadAllOptions): AsyncIterable<RecordedEvent>;
  /** The domain event at exactly this position; null when there is none, as in another log or one that went back. */
  eventAt(position: Position): Promise<RecordedEvent | null>;
  /** Ends only by its signal; a lost connection rejects the iteration and the caller resumes from its checkpoint. */
  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage>;
  close(): Promise<void>;
}

/** The stream is not at the expected revision: nothing was written. */
export class WrongExpectedRevisionError extends Error {
  override readonly name = 'WrongExpectedRevisionError';
  constructor(
    readonly stream: string,
    readonly expected: Revision,
    readonly actual: Revision,
  ) {
    super(`stream ${stream} is at revision ${actual}, not at ${expected}`);
  }
}

/** Nothing was written and nothing will be: the store could not be asked. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** The events may be stored or not. Ask again with the same ids and the same expected revision. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
}

/** The append can never be accepted: too large, an illegal name, a deleted stream, data that is not JSON. */
export class AppendRefusedError extends Error {
  override readonly name = 'AppendRefusedError';
}

/** Nothing was written: the store has no space left, and says so before it takes an event. */
export class StoreFullError extends Error {
  override readonly name = 'StoreFullError';
}
