import type { Clock, Timers } from '@daybook/kernel';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Rounds of the event loop granted to promises between two timers; real I/O is not waited for. */
const SETTLE_ROUNDS = 3;

/** Clock and timers that move only when told to: a minute of waiting takes no time and always ends the same way. */
export class VirtualTime implements Clock, Timers {
  #elapsed = 0;
  #order = 0;
  #jump = 0;
  readonly #due = new Set<Due>();

  constructor(readonly start = Date.parse('2026-04-01T00:00:00Z')) {}

  now(): number {
    return this.start + this.#elapsed + this.#jump;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const due: Due = { at: this.#elapsed + Math.max(0, milliseconds), order: this.#order++, run: callback };
    this.#due.add(due);
    return () => this.#due.delete(due);
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const cancel = this.after(milliseconds, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      const abort = (): void => {
        cancel();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** The wall clock jumps; nothing else notices. */
  jump(milliseconds: number): void {
    this.#jump += milliseconds;
  }

  get pendingTimers(): number {
    return this.#due.size;
  }

  /** Lets that much time pass, running what falls due in order. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await this.settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#elapsed = next.at;
      this.#due.delete(next);
      next.run();
      await this.settle();
    }
    this.#elapsed = end;
  }

  /** Lets time pass until the promise is settled; fails when nothing is left that could settle it. */
  async until<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const done = promise.finally(() => {
      isSettled = true;
    });
    done.catch(() => undefined);
    await this.settle();
    while (!isSettled) {
      const next = this.#next(Infinity);
      if (next === undefined) throw new Error('nothing is due and the promise is still pending');
      await this.advance(next.at - this.#elapsed);
    }
    return done;
  }

  async settle(): Promise<void> {
    for (let round = 0; round < SETTLE_ROUNDS; round += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  #next(end: number): Due | undefined {
    return [...this.#due]
      .filter((due) => due.at <= end)
      .sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }
}
