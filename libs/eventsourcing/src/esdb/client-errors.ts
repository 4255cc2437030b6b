import {
  AppendRefusedError,
  NO_EVENTS,
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  WrongExpectedRevisionError,
  type Revision,
} from '../store.js';

/** What the client's errors have in common, when they are its own: a name. While a server goes down, some have none. */
interface ClientError extends Error {
  readonly type?: unknown;
  readonly streamName?: unknown;
  readonly actualVersion?: unknown;
}

/** The embedded node refuses a single append by a status the client has no name for; its text comes through. */
const DISK_FULL = /^Could not recognize RESOURCE_EXHAUSTED: only \d+ MiB are free/;
const NOT_TAKEN = /^Could not recognize (RESOURCE_EXHAUSTED|UNAVAILABLE): /;

/**
 * Definite is only what the server has said about this very append. What it says about a connection is said to all
 * appends on it, whatever became of them: so a broken connection, a lost leader, denied access and every error without
 * a name are unknown, and the caller asks again with the same ids.
 */
export function appendFailure(error: unknown, stream: string, expected: Revision): Error {
  const { type, streamName, actualVersion } = error as ClientError;
  const message = messageOf(error);
  if (type === 'wrong-expected-version' && streamName === stream) {
    const actual = typeof actualVersion === 'bigint' ? actualVersion : NO_EVENTS;
    return new WrongExpectedRevisionError(stream, expected, actual);
  }
  if (type === 'stream-deleted' && streamName === stream) return new AppendRefusedError(message);
  if (type === 'maximum-append-size-exceeded') return new AppendRefusedError(message);
  if (type === 'unknown' && DISK_FULL.test(message)) return new StoreFullError(message);
  if (type === 'unknown' && NOT_TAKEN.test(message)) return new StoreUnavailableError(message);
  return error instanceof OutcomeUnknownError ? error : new OutcomeUnknownError(message, { cause: error });
}

/** The client cannot say what is wrong, and may not get over it. */
export function isNameless(error: unknown): boolean {
  const { type } = error as ClientError;
  return !(error instanceof OutcomeUnknownError) && (type === undefined || type === 'unknown');
}

/** Servers do not understand a position they have not issued. Trouble with a connection has a name, this has none. */
export function isUnissuedPosition(error: unknown): boolean {
  return error instanceof StoreUnavailableError && (error.cause as ClientError | undefined)?.type === 'unknown';
}

export function isMissingStream(error: unknown): boolean {
  return (error as ClientError).type === 'stream-not-found';
}

/** A stream that was deleted for ever: nothing of it can be read any more, except in $all. */
export function isDeletedStream(error: unknown): boolean {
  return error instanceof StoreUnavailableError && (error.cause as ClientError | undefined)?.type === 'stream-deleted';
}

export function unavailable(error: unknown): StoreUnavailableError {
  return error instanceof StoreUnavailableError ? error : new StoreUnavailableError(messageOf(error), { cause: error });
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'the event store gave no reason';
}
