import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Timers } from '@daybook/kernel';

/** A sleep that is aborted rejects with the signal's reason; a pending `after` does not keep the process alive. */
export const systemTimers: Timers = {
  async sleep(milliseconds, signal) {
    signal?.throwIfAborted();
    try {
      await sleepFor(milliseconds, undefined, signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
