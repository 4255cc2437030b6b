import { DaybookError } from '@daybook/kernel';
import { AppendRefusedError, StoreFullError, StoreUnavailableError } from '../store.js';

/** What a caller is told when it is not a decision that refuses. All of these mean that nothing was recorded … */
export function storeUnavailable(): DaybookError {
  return new DaybookError('STORE_UNAVAILABLE', 'Nothing was recorded; send the command again.', {
    retryAfterSeconds: 1,
  });
}

export function shuttingDown(): DaybookError {
  return new DaybookError('SHUTTING_DOWN', 'Nothing was recorded; send the command again.', { retryAfterSeconds: 1 });
}

export function tooManyWaiting(): DaybookError {
  return new DaybookError('RATE_LIMITED', 'Too many commands wait for the same family; send it again later.', {
    retryAfterSeconds: 1,
  });
}

export function keyReused(commandId: string): DaybookError {
  return new DaybookError('IDEMPOTENCY_KEY_REUSED', 'Another command was accepted under this id; choose a new one.', {
    commandId,
  });
}

/** … except this one: only sending the same command under the same id tells. */
export function outcomeUnknown(commandId: string): DaybookError {
  return new DaybookError('OUTCOME_UNKNOWN', 'Send the same command with the same id again to learn its outcome.', {
    commandId,
    retryAfterSeconds: 1,
  });
}

/** Any error met on the way to a decision, in the words of the closed list. */
export function refusalOf(error: unknown): DaybookError {
  if (error instanceof DaybookError) return error;
  if (error instanceof StoreUnavailableError) return storeUnavailable();
  if (error instanceof StoreFullError) {
    return new DaybookError('STORAGE_FULL', 'Nothing was recorded; the operator has to make room first.');
  }
  if (error instanceof AppendRefusedError) {
    return new DaybookError('INTERNAL', 'The store does not take what was decided; nothing was recorded.');
  }
  return new DaybookError('INTERNAL', 'Nothing was recorded.');
}

/** The store has fewer events than this process has seen: another history. Nothing in memory counts any more. */
export class LogWentBackError extends Error {
  override readonly name = 'LogWentBackError';
}
