/** Tells readers that wait at the end of the log when there is more. */
export class Commits {
  private waiting: (() => void)[] = [];

  /** Calls back once, at the next commit. */
  next(listener: () => void): void {
    this.waiting.push(listener);
  }

  announce(): void {
    const listeners = this.waiting;
    this.waiting = [];
    for (const listener of listeners) listener();
  }
}
