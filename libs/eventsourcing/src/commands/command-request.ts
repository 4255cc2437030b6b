import type { DaybookError } from '@daybook/kernel';
import type { Decider, DomainEvent } from '../decider.js';
import type { Envelope } from '../envelope.js';
import type { Position, Revision } from '../store.js';
import type { StoredForm } from '../upcast.js';

/** How a feature's events are stored and read again; a feature's event registry is one. */
export interface EventCodec<Event> {
  encode(event: Event): StoredForm;
  decode(stored: StoredForm): Event;
}

/** What a stream's events add up to. A stream has one fold, whatever commands it takes. */
export interface StreamFold<State, Event extends DomainEvent> {
  readonly decider: Pick<Decider<State, never, Event, never>, 'initial' | 'evolve'>;
  readonly events: EventCodec<Event>;
}

/** What an envelope can be made of: everything the decision saw, and when it was made. */
export interface DecisionContext<State, Facts> {
  readonly state: State;
  readonly facts: Facts;
  readonly recordedAt: string;
}

export interface CommandRequest<State, Command, Event extends DomainEvent, Facts> {
  readonly stream: string;
  readonly decider: Decider<State, Command, Event, Facts>;
  readonly events: EventCodec<Event>;
  readonly commandId: string;
  readonly commandHash: string;
  /** Whoever sends the same command again must be the same user. */
  readonly userId: string;
  readonly command: Command;
  /** Asked again for every decision, so that no decision stands on facts older than itself. */
  facts(): Promise<Facts> | Facts;
  envelope(context: DecisionContext<State, Facts>): Envelope;
  /** Milliseconds until the caller has an answer, whatever it is. */
  readonly deadlineMs: number;
}

export interface Outcome<Event> {
  readonly commandId: string;
  /**
   * Whoever reads at or after this position sees the outcome. For an accepted command it is its last event's, or that
   * of a neighbour stored in the same append; for a quiet one, of the state it was decided on.
   */
  readonly position: Position;
  /** Of the last event of this command; of the state it was decided on when it was quiet. */
  readonly revision: Revision;
  readonly events: readonly Event[];
  /** The command had been accepted before: these are its events of then. */
  readonly replayed: boolean;
  /** There was nothing to do. */
  readonly quiet: boolean;
}

/** Requests of all streams side by side: the types of one are known only to its own decider. */
export type AnyRequest = CommandRequest<unknown, unknown, DomainEvent, unknown>;
export type AnyOutcome = Outcome<DomainEvent>;
export type AnyFold = StreamFold<unknown, DomainEvent>;

export type Answer = { readonly outcome: AnyOutcome } | { readonly refusal: DaybookError };

export interface CommandLimits {
  readonly batchCommands: number;
  readonly batchBytes: number;
  /** Commands waiting for one stream; more are sent away at once. */
  readonly laneQueue: number;
  /** Commands waiting in this process. */
  readonly commands: number;
  readonly cachedStreams: number;
  /** Events behind all cached states together: what the cache weighs. */
  readonly cachedEvents: number;
  readonly appendDeadlineMs: number;
  readonly readDeadlineMs: number;
  readonly factsDeadlineMs: number;
  /** How long a store that cannot be asked is asked again before callers are told. */
  readonly unavailableMs: number;
}

export const DEFAULT_LIMITS: CommandLimits = {
  batchCommands: 64,
  batchBytes: 512 * 1_024,
  laneQueue: 512,
  commands: 10_000,
  cachedStreams: 10_000,
  cachedEvents: 500_000,
  appendDeadlineMs: 2_000,
  readDeadlineMs: 2_000,
  factsDeadlineMs: 1_000,
  unavailableMs: 600,
};
