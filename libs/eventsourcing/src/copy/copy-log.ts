import type { Clock, Random, Timers } from '@daybook/kernel';
import { LOG_STREAM, logOpened, readLogIdentity, type LogIdentity, type LogParent } from '../log-identity.js';
import {
  OutcomeUnknownError,
  StoreUnavailableError,
  WrongExpectedRevisionError,
  type EventStore,
  type NewEvent,
  type RecordedEvent,
  type Revision,
} from '../store.js';
import { compareLogs, type Comparison } from './compare-logs.js';
import { CopyDiffersError, CopyRefusedError } from './copy-errors.js';
import { runsOf } from './runs.js';
import { refuseLimitedStreams } from './stream-limits.js';

export type CopyPhase = 'compare' | 'copy' | 'verify';

export interface CopyParts {
  readonly source: EventStore;
  readonly target: EventStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly signal?: AbortSignal;
  /** Events done in a phase; of how many, where that is known. */
  readonly onProgress?: (phase: CopyPhase, done: number, total: number | undefined) => void;
}

export interface CopyReport {
  /** Events of the source; the target has one more, which names it. */
  readonly events: number;
  readonly streams: number;
  readonly alreadyThere: number;
  readonly copied: number;
  readonly digest: string;
  /** The log that was copied, and up to where. */
  readonly upTo: LogParent;
  /** What the target is called; null as long as it is not complete. */
  readonly target: LogIdentity | null;
  /** Events that came to the target after it was completed. */
  readonly usedSince: number;
}

/** How long a target may be away. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 250;

/** What a copy would do, and whether it would be refused. Reads both logs, writes nothing. */
export async function planCopy(parts: CopyParts): Promise<Comparison> {
  const comparison = await compare(parts, 'compare');
  const { state, source } = comparison;
  if (state.kind === 'other') throw new CopyRefusedError(`The target holds something else: ${state.difference}.`);
  if (state.kind === 'complete') return comparison;
  if ((await readLogIdentity(parts.source)) === null) throw new CopyRefusedError('The source holds no log of Daybook.');
  if (source.gap !== undefined) throw new CopyRefusedError(source.gap);
  await refuseLimitedStreams(parts.source, source.streams);
  return comparison;
}

/**
 * Brings a target to hold what its source holds: the same events in the same order and streams, then a name of its own.
 * What is there already is compared, never written again, so a copy that was broken off simply goes on. Everything is
 * read back before the name is given; a source that somebody still writes to is copied, and not completed.
 */
export async function copyLog(parts: CopyParts): Promise<CopyReport> {
  const before = await planCopy(parts);
  if (before.state.kind === 'complete') return reportOf(parts, before, before.common);
  if (before.state.kind === 'unfinished') await copyEvents(parts, before, before.state.missing);
  const after = await compare(parts, 'verify');
  const { state } = after;
  if (state.kind === 'other') throw new CopyDiffersError(`The copy is not like its source: ${state.difference}.`);
  if (after.source.end !== before.source.end || state.kind !== 'unnamed' || !after.upTo) {
    throw new CopyRefusedError(
      `Somebody writes to the source: ${after.common} events are copied, and more have come. Stop Daybook there, then run ` +
        'the same command again; it goes on where it is.',
    );
  }
  await nameCopy(parts, after.upTo);
  for await (const late of parts.source.readAll({ after: after.upTo.position, maxCount: 1 })) {
    throw new CopyDiffersError(grownApart(after.upTo, `${late.type} of ${late.stream}`));
  }
  return reportOf(parts, after, before.common);
}

/** Whether the target is the copy it is meant to be; changes nothing. */
export async function verifyCopy(parts: CopyParts): Promise<CopyReport> {
  const found = await compare(parts, 'verify');
  const { state, common, source } = found;
  if (state.kind === 'other') throw new CopyDiffersError(`The target is not a copy of the source: ${state.difference}.`);
  if (state.kind === 'unfinished') throw new CopyDiffersError(`The target has ${common} of ${source.events} events.`);
  if (state.kind === 'unnamed') throw new CopyDiffersError('All events are there, but the copy was not completed: run it again.');
  return reportOf(parts, found, common);
}

function compare({ source, target, signal, onProgress }: CopyParts, phase: CopyPhase): Promise<Comparison> {
  let done = 0;
  return compareLogs(source, target, () => {
    signal?.throwIfAborted();
    done += 1;
    onProgress?.(phase, done, undefined);
  });
}

async function copyEvents(parts: CopyParts, { upTo }: Comparison, missing: number): Promise<void> {
  let done = 0;
  const events = parts.source.readAll(upTo === undefined ? {} : { after: upTo.position });
  for await (const { stream, events: run } of runsOf(events)) {
    parts.signal?.throwIfAborted();
    const [first] = run;
    if (!first) continue;
    await appendPatiently(parts, stream, run.map(newEventOf), first.revision - 1n);
    done += run.length;
    parts.onProgress?.('copy', done, missing);
  }
}

async function nameCopy({ target, random, clock, timers }: CopyParts, parent: LogParent): Promise<void> {
  const named = await readLogIdentity(target);
  const opening = logOpened(random, clock, parent);
  await appendPatiently({ target, clock, timers }, LOG_STREAM, [opening], BigInt(named?.restores ?? -1));
}

/** With the same ids and the same expected revision until the outcome is known. */
async function appendPatiently(
  { target, clock, timers }: Pick<CopyParts, 'target' | 'clock' | 'timers'>,
  stream: string,
  events: readonly NewEvent[],
  expected: Revision,
): Promise<void> {
  const giveUpAt = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    try {
      await target.append(stream, events, expected);
      return;
    } catch (error) {
      if (error instanceof WrongExpectedRevisionError) {
        throw new CopyRefusedError(`Somebody else writes to the target: ${error.message}.`);
      }
      const mayRetry = error instanceof OutcomeUnknownError || error instanceof StoreUnavailableError;
      if (!mayRetry || clock.monotonic() > giveUpAt) throw error;
      await timers.sleep(PAUSE_MS);
    }
  }
}

function newEventOf({ id, type, data, metadata }: RecordedEvent): NewEvent {
  return { id, type, data, metadata };
}

function grownApart({ position }: LogParent, what: string): string {
  return (
    `The source got ${what} after the copy was completed, which a copy cannot take any more: both are the same up to ` +
    `position ${position} of the source. Stop Daybook at the source, and copy to an empty target.`
  );
}

async function reportOf({ target }: CopyParts, found: Comparison, alreadyThere: number): Promise<CopyReport> {
  const { common, digest, upTo, state, source } = found;
  if (!upTo) throw new CopyRefusedError('The source holds no log of Daybook.');
  if (state.kind === 'complete' && state.grownBy > 0) {
    throw new CopyDiffersError(grownApart(upTo, `${state.grownBy} events`));
  }
  return {
    events: common,
    streams: source.streams.length,
    alreadyThere,
    copied: common - alreadyThere,
    digest,
    upTo,
    target: await readLogIdentity(target),
    usedSince: state.kind === 'complete' ? state.usedSince : 0,
  };
}
