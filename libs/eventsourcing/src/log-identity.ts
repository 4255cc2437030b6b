import { DaybookError, formatInstant, hex, sha256, utf8, type Clock, type Random } from '@daybook/kernel';
import {
  NO_EVENTS,
  OutcomeUnknownError,
  WrongExpectedRevisionError,
  type EventStore,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from './store.js';

/**
 * A log is named by the LogOpened event at its start: a position, a cursor or a checkpoint of one log means nothing in
 * another. A restore or a copy writes its own LogOpened, so the epoch changes although the events are the same.
 */
export const LOG_STREAM = 'daybook-log';
export const LOG_OPENED = 'LogOpened';

export interface LogIdentity {
  readonly logId: string;
  /** How many LogOpened events came before the current one. */
  readonly restores: number;
}

const OPENING_ATTEMPTS = 5;

/** Reads the name of the log, and names it first when it has none. Any number of processes may do so at once. */
export async function openLog(store: EventStore, random: Random, clock: Clock): Promise<LogIdentity> {
  const opening = logOpened(random, clock, null);
  for (let attempt = 1; attempt <= OPENING_ATTEMPTS; attempt += 1) {
    const identity = await readLogIdentity(store);
    if (identity !== null) return identity;
    try {
      await store.append(LOG_STREAM, [opening], NO_EVENTS);
    } catch (error) {
      // Another process was first, or ours arrived without an answer: either way the stream knows.
      if (error instanceof WrongExpectedRevisionError || error instanceof OutcomeUnknownError) continue;
      throw error;
    }
  }
  throw new OutcomeUnknownError(`the log could not be named in ${OPENING_ATTEMPTS} attempts`);
}

export async function readLogIdentity(store: EventStore): Promise<LogIdentity | null> {
  let identity: LogIdentity | null = null;
  for await (const event of store.readStream(LOG_STREAM)) {
    identity = { logId: logIdOf(event), restores: Number(event.revision) };
  }
  return identity;
}

/** A position as clients see it: opaque, and in the order of the log for as long as it is the same log. */
export function formatPosition(log: LogIdentity, position: Position): string {
  return `${epochOf(log)}-${position.toString(16).padStart(16, '0')}`;
}

/** The position of a token; `current`, where known, is told to a client that asks with a position of another log. */
export function parsePosition(log: LogIdentity, text: string, current?: Position): Position {
  const token = /^(?<epoch>[0-9a-f]{8})-(?<position>[0-9a-f]{16})$/.exec(text)?.groups;
  if (token?.['epoch'] === undefined || token['position'] === undefined) {
    throw new DaybookError('VALIDATION_FAILED', 'A position is sent back exactly as an answer gave it.');
  }
  if (token['epoch'] !== epochOf(log)) {
    throw new DaybookError(
      'POSITION_OTHER_LOG',
      'The position is from before a restore or from another installation; read again without minPosition.',
      { current: current === undefined ? null : formatPosition(log, current) },
    );
  }
  return BigInt(`0x${token['position']}`);
}

export function epochOf({ logId, restores }: LogIdentity): string {
  return hex(sha256(utf8(`${logId}/${restores}`))).slice(0, 8);
}

/** Where a copy or a restore comes from: the log, and the last position of it that was taken over. */
export interface LogParent {
  readonly logId: string;
  readonly position: Position;
}

/** The event that names a log; the one of a copy comes behind all that was copied. */
export function logOpened(random: Random, clock: Clock, parent: LogParent | null): NewEvent {
  const data = {
    logId: random.uuid(),
    parent: parent?.logId ?? null,
    parentPosition: parent?.position.toString() ?? null,
  };
  return { id: random.uuid(), type: LOG_OPENED, data, metadata: { schema: 1, recordedAt: formatInstant(clock.now()) } };
}

/** Whether this event says that everything before it was taken over from there. */
export function opensCopyOf(event: RecordedEvent, parent: LogParent): boolean {
  const { stream, type, data } = event;
  const isNaming = stream === LOG_STREAM && type === LOG_OPENED;
  return isNaming && data['parent'] === parent.logId && data['parentPosition'] === parent.position.toString();
}

function logIdOf({ type, data, position }: RecordedEvent): string {
  if (type !== LOG_OPENED || typeof data['logId'] !== 'string') {
    throw new TypeError(`the event at ${position} does not name a log`);
  }
  return data['logId'];
}
