import { DaybookError, formatInstant, invariant, uuidV5, type Clock, type Log } from '@daybook/kernel';
import { eventBytes, writableEvents } from '../append-rules.js';
import type { DomainEvent } from '../decider.js';
import { commandMarkOf, completeEnvelope } from '../envelope.js';
import type { NewEvent, Position, Revision } from '../store.js';
import { refusalOf } from './answers.js';
import type { CachedStream } from './cached-stream.js';
import type { AnyRequest, CommandLimits } from './command-request.js';
import type { WaitingCommand } from './waiting-command.js';

/** Facts that were asked for, or the error they ended in: a refusal like any other, to be proven like any other. */
export type Facts = { readonly value: unknown } | { readonly error: unknown };

export interface CommandWithFacts {
  readonly command: WaitingCommand;
  readonly facts: Facts;
}

export interface AcceptedDecision {
  readonly command: WaitingCommand;
  readonly events: readonly DomainEvent[];
  readonly newEvents: readonly NewEvent[];
  /** Revision of the command's last event, once the batch is stored. */
  readonly revision: Revision;
}

/** A command that leaves no event, on the state of this revision: stored already, or part of the same batch. */
export interface UnwrittenDecision {
  readonly command: WaitingCommand;
  readonly revision: Revision;
  readonly refusal: DaybookError | null;
}

export interface DecidedBatch {
  /** Where the stream was: what an append of this batch must expect, and a read must still find. */
  readonly decidedAt: { readonly revision: Revision; readonly position: Position };
  readonly accepted: readonly AcceptedDecision[];
  readonly unwritten: readonly UnwrittenDecision[];
  /** No room left, or the twin of a command in this batch: theirs is the next one. */
  readonly deferred: readonly WaitingCommand[];
}

interface DecideOptions {
  readonly nameDecision: () => string;
  readonly limits: Pick<CommandLimits, 'batchBytes'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Decides commands one after the other, each on the state its predecessors lead to. Pure but for the clock: nothing is
 * stored and the cached stream is not touched, so that all of it can be thrown away and decided anew.
 */
export function decideBatch(
  stream: CachedStream,
  commands: readonly CommandWithFacts[],
  options: DecideOptions,
): DecidedBatch {
  const accepted: AcceptedDecision[] = [];
  const unwritten: UnwrittenDecision[] = [];
  const deferred: WaitingCommand[] = [];
  const decidedIds = new Set<string>();
  const decidedAt = { revision: stream.revision, position: stream.position };
  let { state, revision } = stream;
  let bytes = 0;
  for (const { command, facts } of commands) {
    const { request } = command;
    if (deferred.length > 0 || decidedIds.has(request.commandId)) {
      deferred.push(command);
      continue;
    }
    try {
      if ('error' in facts) throw facts.error;
      const decision = decideOne(request, state, facts.value, options);
      if (accepted.length > 0 && bytes + decision.bytes > options.limits.batchBytes) {
        deferred.push(command);
        continue;
      }
      bytes += decision.bytes;
      state = decision.state;
      revision += BigInt(decision.events.length);
      if (decision.events.length === 0) unwritten.push({ command, revision, refusal: null });
      else accepted.push({ command, events: decision.events, newEvents: decision.newEvents, revision });
      if (decision.events.length > 0) decidedIds.add(request.commandId);
    } catch (error) {
      if (!(error instanceof DaybookError)) {
        options.log.error('a decision failed', { stream: request.stream, commandId: request.commandId, error });
      }
      unwritten.push({ command, revision, refusal: refusalOf(error) });
    }
  }
  return { decidedAt, accepted, unwritten, deferred };
}

function decideOne(request: AnyRequest, before: unknown, facts: unknown, { clock, nameDecision }: DecideOptions) {
  const { decider, events: codec, stream } = request;
  const stored = decider.decide(request.command, before, facts).map((event) => codec.encode(event));
  // What is evolved and answered here is exactly what will be read back from the store.
  const events = stored.map((form) => codec.decode(form));
  if (events.length === 0) return { events, newEvents: [], state: before, bytes: 0 };
  const recordedAt = formatInstant(clock.now());
  const metadata = completeEnvelope(request.envelope({ state: before, facts, recordedAt }));
  // By these three a repeat is known: an envelope that names others would make it a stranger.
  const mark = commandMarkOf(metadata);
  const isOwn = mark?.commandId === request.commandId && mark.commandHash === request.commandHash;
  invariant(isOwn && mark.userId === request.userId, 'an envelope names the command it belongs to');
  const decision = nameDecision();
  const idOf = (index: number): string => uuidV5(request.commandId, `${decision}/${index}`);
  const newEvents = stored.map((form, index) => ({ id: idOf(index), ...form, metadata }));
  const bytes = writableEvents(stream, newEvents, 0n).reduce((sum, event) => sum + eventBytes(event), 0);
  const state = events.reduce((previous, event) => decider.evolve(previous, event), before);
  return { events, newEvents, state, bytes };
}
