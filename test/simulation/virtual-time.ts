import type { Clock, Timers } from '@daybook/kernel';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** Jumps from one due callback to the next and lets everything that follows from it settle first. */
export class VirtualTime {
  now = 0;
  private order = 0;
  private sequence = 0;
  private readonly heap: Due[] = [];

  /** A place in the total order of everything that happens in a history. */
  tick(): number {
    this.sequence += 1;
    return this.sequence;
  }

  after(milliseconds: number, callback: () => void): () => void {
    this.order += 1;
    const due: Due = { at: this.now + Math.max(0, milliseconds), order: this.order, callback, cancelled: false };
    this.push(due);
    return () => {
      due.cancelled = true;
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** The answer, or what `late` makes of its absence after so many milliseconds. */
  within<Answer>(milliseconds: number, answer: Promise<Answer>, late: () => Answer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const cancel = this.after(milliseconds, () => {
        try {
          resolve(late());
        } catch (error) {
          reject(error as Error);
        }
      });
      answer.then(resolve, reject).finally(cancel);
    });
  }

  /** Runs until nothing is due or the condition holds; false when the time was used up before that. */
  async run(until: number, isDone: () => boolean): Promise<boolean> {
    await settled();
    while (!isDone()) {
      const next = this.pop();
      if (next === undefined || next.at > until) return false;
      if (next.cancelled) continue;
      this.now = next.at;
      next.callback();
      await settled();
    }
    return true;
  }

  private push(due: Due): void {
    const { heap } = this;
    let index = heap.push(due) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(due, heap[parent])) break;
      heap[index] = heap[parent] as Due;
      index = parent;
    }
    heap[index] = due;
  }

  private pop(): Due | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = index * 2 + 1;
      const child = isBefore(heap[left + 1], heap[left]) ? left + 1 : left;
      if (!isBefore(heap[child], last)) break;
      heap[index] = heap[child] as Due;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

/** The clock and timers of one process: when it dies, nothing it waited for ever comes. */
export class ProcessTime implements Clock, Timers {
  private alive = true;

  constructor(private readonly time: VirtualTime) {}

  get isAlive(): boolean {
    return this.alive;
  }

  die(): void {
    this.alive = false;
  }

  now(): number {
    return 1_775_000_000_000 + this.time.now;
  }

  monotonic(): number {
    return this.time.now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    return this.time.after(milliseconds, () => {
      if (this.alive) callback();
    });
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const onAbort = (): void => {
        cancel();
        reject(signal?.reason as Error);
      };
      const cancel = this.after(milliseconds, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}

function isBefore(one: Due | undefined, other: Due | undefined): boolean {
  if (one === undefined) return false;
  if (other === undefined) return true;
  return one.at === other.at ? one.order < other.order : one.at < other.at;
}

/** Node runs an immediate only when no promise has anything left to do. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
