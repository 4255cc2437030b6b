import type { Timers } from '@daybook/kernel';
import type { FastifyReply } from 'fastify';

export interface DrainOutcome {
  readonly finished: boolean;
  /** Requests still running when the time was up. */
  readonly abandoned: number;
}

/**
 * Counts the requests whose work is not done. A client that went away does not end the work its command began, so a
 * request leaves when its connection is closed *and* its handler has answered, or has taken the socket over.
 */
export class InFlight {
  #count = 0;
  #draining = false;
  readonly #idle = new Set<() => void>();

  get count(): number {
    return this.#count;
  }

  get isDraining(): boolean {
    return this.#draining;
  }

  /** Returns what the answering hook calls when the handler has answered. */
  enter(reply: FastifyReply): () => void {
    this.#count += 1;
    let isClosed = false;
    let hasAnswered = false;
    let hasLeft = false;
    const leaveWhenDone = (): void => {
      if (hasLeft || !isClosed || !(hasAnswered || reply.sent)) return;
      hasLeft = true;
      this.#leave();
    };
    reply.raw.once('close', () => {
      isClosed = true;
      leaveWhenDone();
    });
    return () => {
      hasAnswered = true;
      leaveWhenDone();
    };
  }

  /** From now on `isDraining`; resolves when nothing runs any more, or when the time is up. */
  async drain(withinMs: number, timers: Timers): Promise<DrainOutcome> {
    this.#draining = true;
    if (this.#count > 0) {
      await new Promise<void>((resolve) => {
        const cancel = timers.after(withinMs, () => finish());
        const finish = (): void => {
          cancel();
          this.#idle.delete(finish);
          resolve();
        };
        this.#idle.add(finish);
      });
    }
    return { finished: this.#count === 0, abandoned: this.#count };
  }

  #leave(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    for (const finish of [...this.#idle]) finish();
  }
}
