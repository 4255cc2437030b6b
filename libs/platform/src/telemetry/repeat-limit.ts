import type { Clock } from '@daybook/kernel';

const LINES_PER_SECOND = 50;
/** Sentences are constants; should one not be, the memory stays bounded. */
const MAX_SENTENCES = 1_000;

interface Second {
  readonly begunAt: number;
  lines: number;
}

/**
 * Keeps one sentence, said by whoever can send a request, from filling the disk: 50 lines a second of each, then they
 * are counted, and the next line that is written says how many were not.
 */
export class RepeatLimit {
  readonly #clock: Clock;
  readonly #seconds = new Map<string, Second>();
  readonly #suppressed = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many were left out since the last line of this sentence; undefined = leave this one out too. */
  admit(sentence: string): number | undefined {
    const now = this.#clock.monotonic();
    const current = this.#seconds.get(sentence);
    const isSameSecond = current !== undefined && now - current.begunAt < 1_000;
    if (isSameSecond && current.lines >= LINES_PER_SECOND) {
      this.#suppressed.set(sentence, (this.#suppressed.get(sentence) ?? 0) + 1);
      return undefined;
    }
    if (isSameSecond) current.lines += 1;
    else this.#begin(sentence, now);
    const suppressed = this.#suppressed.get(sentence) ?? 0;
    this.#suppressed.delete(sentence);
    return suppressed;
  }

  #begin(sentence: string, now: number): void {
    if (this.#seconds.size >= MAX_SENTENCES) {
      this.#seconds.clear();
      this.#suppressed.clear();
    }
    this.#seconds.set(sentence, { begunAt: now, lines: 1 });
  }
}
