/** How much of the first tries may come again: 10 %. A dependency that is down gets 1.1 times the load, not three. */
const RETRIES_PER_CALL = 0.1;
/** Saved up in quiet times; also what a fresh process starts with. */
const MOST_SAVED = 10;

/** One per dependency, shared by all its callers. */
export class RetryBudget {
  #saved = MOST_SAVED;

  noteCall(): void {
    this.#saved = Math.min(MOST_SAVED, this.#saved + RETRIES_PER_CALL);
  }

  /** Takes one retry out; false when there is none left. */
  take(): boolean {
    // Tenths do not add up exactly in floating point: ten calls must be one retry.
    if (this.#saved < 1 - 1e-9) return false;
    this.#saved -= 1;
    return true;
  }
}
