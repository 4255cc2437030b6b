import {
  AppendRefusedError,
  StoreFullError,
  StoreUnavailableError,
  WrongExpectedRevisionError,
  type AppendResult,
  type NewEvent,
  type Revision,
} from '../store.js';
import { backoffMs, type Backoff } from './backoff.js';
import type { RuntimePorts } from './runtime-ports.js';

export type AppendResolution =
  | { readonly kind: 'stored'; readonly result: AppendResult }
  | { readonly kind: 'conflict'; readonly actual: Revision }
  | { readonly kind: 'unwanted' }
  | { readonly kind: 'refused'; readonly error: Error };

const RETRY: Backoff = { baseMs: 50, capMs: 2_000 };

/**
 * Events on their way to the store. From the first attempt on, nothing about them changes: the same ids, in the same
 * order, at the same expected revision, until the store says what became of them. The ids and the revision make that
 * safe: whichever attempt arrives first is the only one that counts, and every later one gets its answer.
 */
export class FrozenBatch {
  private sending = false;
  private lost = false;

  constructor(
    readonly stream: string,
    readonly events: readonly NewEvent[],
    readonly expectedRevision: Revision,
  ) {}

  /** True while the events may be stored without our knowing. */
  get isUncertain(): boolean {
    return this.sending || this.lost;
  }

  /**
   * Returns when the outcome is certain, however long that takes; rejects only when the signal ends it. What is no
   * longer wanted is not sent, unless it may be stored already: then it must be found out.
   */
  async store(ports: RuntimePorts, isWanted: () => boolean, signal: AbortSignal): Promise<AppendResolution> {
    const giveUpAt = ports.clock.monotonic() + ports.limits.unavailableMs;
    for (let attempt = 0; ; attempt += 1) {
      if (!this.lost && !isWanted()) return { kind: 'unwanted' };
      const resolution = await this.attempt(ports);
      if (resolution !== null) return resolution;
      const patienceMs = this.lost ? Infinity : giveUpAt - ports.clock.monotonic();
      if (patienceMs <= 0) {
        return { kind: 'refused', error: new StoreUnavailableError('the store could not be asked') };
      }
      await ports.timers.sleep(Math.min(backoffMs(RETRY, attempt, ports.random), patienceMs), signal);
      signal.throwIfAborted();
    }
  }

  /** Null when it has to be tried again. */
  private async attempt({ store, limits }: RuntimePorts): Promise<AppendResolution | null> {
    this.sending = true;
    try {
      const options = { deadlineMs: limits.appendDeadlineMs };
      const result = await store.append(this.stream, this.events, this.expectedRevision, options);
      this.lost = false;
      return { kind: 'stored', result };
    } catch (error) {
      return this.resolutionOf(error);
    } finally {
      this.sending = false;
    }
  }

  /**
   * A conflict is certain even after a lost attempt: had that one been stored, the store would have known its ids, and
   * should it arrive late, it meets the same revision. That this attempt was not sent says nothing about a lost one.
   */
  private resolutionOf(error: unknown): AppendResolution | null {
    if (error instanceof WrongExpectedRevisionError) {
      this.lost = false;
      return { kind: 'conflict', actual: error.actual };
    }
    if (error instanceof StoreUnavailableError) return null;
    if ((error instanceof StoreFullError || error instanceof AppendRefusedError) && !this.lost) {
      return { kind: 'refused', error };
    }
    this.lost = true;
    return null;
  }
}
