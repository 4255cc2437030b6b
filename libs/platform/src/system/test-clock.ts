import type { Clock } from '@daybook/kernel';

/**
 * A wall clock that dev mode may put elsewhere; it goes on ticking from there. What measures time (`monotonic`, timers)
 * does not notice, and neither do tokens: they live by the clock of the machine. Gone with the process.
 */
export class TestClock implements Clock {
  #shiftMs = 0;

  constructor(private readonly real: Clock) {}

  /** By how much it is off the machine's, in milliseconds. */
  get shiftMs(): number {
    return this.#shiftMs;
  }

  now(): number {
    return this.real.now() + this.#shiftMs;
  }

  monotonic(): number {
    return this.real.monotonic();
  }

  setTo(instantMs: number): void {
    this.#shiftMs = instantMs - this.real.now();
  }

  advance(milliseconds: number): void {
    this.#shiftMs += milliseconds;
  }

  reset(): void {
    this.#shiftMs = 0;
  }
}
