import type { Clock, Random, Timers } from '@daybook/kernel';
import { StoreUnavailableError } from '../store.js';
import { backoffMs, type Backoff } from './backoff.js';

interface PatiencePorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
}

const RETRY: Backoff = { baseMs: 25, capMs: 250 };

/** Asks again while the store cannot be asked, but not for long: callers are told within a second. */
export async function whileUnavailable<Result>(
  action: () => Promise<Result>,
  patienceMs: number,
  { clock, timers, random }: PatiencePorts,
  signal: AbortSignal,
): Promise<Result> {
  const giveUpAt = clock.monotonic() + patienceMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || clock.monotonic() >= giveUpAt) throw error;
      await timers.sleep(backoffMs(RETRY, attempt, random), signal);
    }
  }
}

/** Rejects as unavailable when the result is not there in time. The action itself goes on unheard. */
export async function within<Result>(timers: Timers, milliseconds: number, result: Promise<Result>): Promise<Result> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = timers.after(milliseconds, () => reject(new StoreUnavailableError(`no answer in ${milliseconds} ms`)));
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    cancel();
  }
}
