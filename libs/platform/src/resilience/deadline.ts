import type { Clock } from '@daybook/kernel';

/** The moment after which nobody waits for the answer any more; handed down to every call made for it. */
export class Deadline {
  private constructor(
    private readonly clock: Clock,
    private readonly at: number,
  ) {}

  static after(milliseconds: number, clock: Clock): Deadline {
    return new Deadline(clock, clock.monotonic() + milliseconds);
  }

  remainingMs(): number {
    return Math.max(0, this.at - this.clock.monotonic());
  }
}
