import { DaybookError, type Clock, type ErrorCode, type Random } from '@daybook/kernel';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerOptions {
  /** What callers are refused with while it is open. */
  readonly refusal: { readonly code: ErrorCode; readonly detail: string };
  /** Does this error speak against the dependency? A refusal by the rules does not. */
  readonly isFailure: (error: unknown) => boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly onChange?: (state: BreakerState) => void;
}

const WINDOW_CALLS = 20;
const FAILED_SHARE = 0.5;
const OPEN_AT_LEAST_MS = 2_000;
const OPEN_AT_MOST_MS = 10_000;
/** A probe that hangs longer has failed: it must not keep the breaker half open for ever. */
const PROBE_WITHIN_MS = 10_000;

/**
 * Stops calling a dependency that fails half of the last 20 calls, for 2 s, doubling to 10 s while it stays down (with
 * jitter, so that processes do not come back together). Then exactly one call probes; the others are refused until it
 * is back. A call that began before the breaker changed says nothing about now: its outcome is not counted.
 */
export class CircuitBreaker {
  readonly #options: BreakerOptions;
  #state: BreakerState = 'closed';
  /** One entry a call of the window, true = failed. */
  #outcomes: boolean[] = [];
  /** While open: when a probe may go. While half open: when the probe has failed. */
  #turnsAt = 0;
  #timesOpened = 0;
  /** Counts the changes of state. */
  #generation = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  async run<Value>(operation: () => Promise<Value>): Promise<Value> {
    this.#admit();
    const generation = this.#generation;
    try {
      const value = await operation();
      this.#count(false, generation);
      return value;
    } catch (error) {
      this.#count(this.#options.isFailure(error), generation);
      throw error;
    }
  }

  #admit(): void {
    if (this.#state === 'closed') return;
    const isDue = this.#turnsAt <= this.#options.clock.monotonic();
    if (this.#state === 'open' && isDue) {
      this.#turnsAt = this.#options.clock.monotonic() + PROBE_WITHIN_MS;
      this.#change('half-open');
      return;
    }
    if (this.#state === 'half-open' && isDue) this.#open();
    const { code, detail } = this.#options.refusal;
    const waitMs = this.#turnsAt - this.#options.clock.monotonic();
    throw new DaybookError(code, detail, { retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) });
  }

  #count(hasFailed: boolean, generation: number): void {
    if (generation !== this.#generation) return;
    if (this.#state === 'half-open') {
      if (hasFailed) this.#open();
      else this.#close();
      return;
    }
    this.#outcomes = [...this.#outcomes, hasFailed].slice(-WINDOW_CALLS);
    const failed = this.#outcomes.filter(Boolean).length;
    if (this.#outcomes.length === WINDOW_CALLS && failed >= WINDOW_CALLS * FAILED_SHARE) this.#open();
  }

  #open(): void {
    const spanMs = Math.min(OPEN_AT_MOST_MS, OPEN_AT_LEAST_MS * 2 ** this.#timesOpened);
    const pastLeastMs = (spanMs - OPEN_AT_LEAST_MS) * this.#options.random.fraction();
    this.#turnsAt = this.#options.clock.monotonic() + OPEN_AT_LEAST_MS + pastLeastMs;
    this.#timesOpened += 1;
    this.#change('open');
  }

  #close(): void {
    this.#timesOpened = 0;
    this.#outcomes = [];
    this.#change('closed');
  }

  #change(state: BreakerState): void {
    this.#state = state;
    this.#generation += 1;
    this.#options.onChange?.(state);
  }
}
