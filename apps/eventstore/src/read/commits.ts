/** Tells readers that wait at the end of the log when there is more. */
export class Commits {
  private waiting = new Set<() => void>();

  /** Calls back once, at the next commit, unless forgotten before. */
  next(listener: () => void): void {
    this.waiting.add(listener);
  }

  forget(listener: () => void): void {
    this.waiting.delete(listener);
  }

  announce(): void {
    const listeners = this.waiting;
    this.waiting = new Set();
    for (const listener of listeners) listener();
  }
}
