import { types } from 'node:util';
import { DaybookError, type Timers } from '@daybook/kernel';

/** A database that stands still neither answers nor refuses; nobody should look at a spinner for it. */
export const ANSWER_WITHIN_MS = 1_000;
const SECOND_LOOK_MS = 100;
const RETRY_AFTER_SECONDS = 1;

/**
 * Sockets that refuse or break, sessions an administrator or a crash has ended, servers that start, stop (57P01 to
 * 57P03), are full (53300) or took too long (57014), and a database that is not there (3D000).
 */
const LOST_CODES = /^(ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|08|57P0|57014|53300|3D000)/;
const LOST_MESSAGES = /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** The answer, or DATABASE_UNAVAILABLE within that time; an error of ours stays what it is. */
export async function fromDatabase<Answer>(
  timers: Timers,
  ask: () => Promise<Answer>,
  withinMs = ANSWER_WITHIN_MS,
): Promise<Answer> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    cancel = timers.after(withinMs - SECOND_LOOK_MS, () => {
      // Work of our own may have kept this process from hearing an answer that is there by now.
      cancel = timers.after(SECOND_LOOK_MS, () => reject(unavailable()));
    });
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    throw isLost(error) ? unavailable() : error;
  } finally {
    cancel();
  }
}

function unavailable(): DaybookError {
  return new DaybookError('DATABASE_UNAVAILABLE', 'Ask again; commands are taken meanwhile.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function isLost(error: unknown): boolean {
  if (!types.isNativeError(error) || error instanceof DaybookError) return false;
  const { code } = error as { code?: unknown };
  return (typeof code === 'string' && LOST_CODES.test(code)) || LOST_MESSAGES.test(error.message);
}
