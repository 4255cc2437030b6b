import type { Timers } from '@daybook/kernel';
import { StoreUnavailableError } from '../store.js';

/** A bounded number of places, given in the order they were asked for. */
export class AppendSlots {
  private readonly queue: (() => void)[] = [];

  private free: number;

  constructor(
    private readonly places: number,
    private readonly timers: Timers,
  ) {
    this.free = places;
  }

  /** Rejects when no place comes free in time: then nothing has been sent. */
  async acquire(deadlineMs: number): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const take = (): void => {
        cancel();
        resolve();
      };
      const cancel = this.timers.after(deadlineMs, () => {
        this.queue.splice(this.queue.indexOf(take), 1);
        reject(new StoreUnavailableError(`no append could be sent within ${deadlineMs} ms`));
      });
      this.queue.push(take);
    });
  }

  /** Runs when every place is free, and lets nobody in until it is over. */
  async exclusively(action: () => Promise<void>): Promise<void> {
    const idle = Array.from({ length: this.places }, () => this.wait());
    await Promise.all(idle);
    try {
      await action();
    } finally {
      for (const _ of idle) this.release();
    }
  }

  private async wait(): Promise<void> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
  }

  release(): void {
    const next = this.queue.shift();
    if (next === undefined) this.free += 1;
    else next();
  }
}
