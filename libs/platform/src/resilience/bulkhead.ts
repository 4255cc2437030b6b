import { DaybookError, type ErrorCode, type Timers } from '@daybook/kernel';

export interface BulkheadOptions {
  /** How many run at once. */
  readonly concurrency: number;
  /** How many may wait; the next one is refused at once. */
  readonly queue: number;
  /** How long one waits at most: better an early refusal than an answer nobody waits for. */
  readonly waitAtMostMs: number;
  readonly refusal: { readonly code: ErrorCode; readonly detail: string; readonly retryAfterSeconds: number };
  readonly timers: Timers;
}

interface Waiting {
  readonly enter: () => void;
}

/** Keeps one slow dependency from holding every request of the process. First come, first served. */
export class Bulkhead {
  readonly #options: BulkheadOptions;
  readonly #waiting: Waiting[] = [];
  #running = 0;

  constructor(options: BulkheadOptions) {
    this.#options = options;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async run<Value>(operation: () => Promise<Value>): Promise<Value> {
    await this.#enter();
    try {
      return await operation();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> {
    if (this.#running < this.#options.concurrency) {
      this.#running += 1;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#options.queue) return Promise.reject(this.#refusal());
    return new Promise((resolve, reject) => {
      const cancel = this.#options.timers.after(this.#options.waitAtMostMs, () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(this.#refusal());
      });
      const waiting: Waiting = {
        enter: () => {
          cancel();
          resolve();
        },
      };
      this.#waiting.push(waiting);
    });
  }

  /** The place goes to the next in line without being free in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next.enter();
  }

  #refusal(): DaybookError {
    const { code, detail, retryAfterSeconds } = this.#options.refusal;
    return new DaybookError(code, detail, { retryAfterSeconds });
  }
}
