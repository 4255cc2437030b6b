/** Work that waited for its turn between two transactions never got it. */
export class LaneEndedError extends Error {
  override readonly name = 'LaneEndedError';
}

interface Turn {
  readonly run: () => Promise<void>;
  readonly reject: (error: Error) => void;
}

/** Work that needs a lane to stand still, in the order it came. */
export class Turns {
  private readonly turns: Turn[] = [];
  private over = false;

  constructor(private readonly added: () => void) {}

  get areWaiting(): boolean {
    return this.turns.length > 0;
  }

  /** Resolves or rejects as the work does; a failure is the caller's, not the lane's. */
  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.over) throw new LaneEndedError('the lane has ended');
    return new Promise<Result>((resolve, reject) => {
      this.turns.push({ run: async () => work().then(resolve, reject), reject });
      this.added();
    });
  }

  async runNext(): Promise<void> {
    await this.turns.shift()?.run();
  }

  close(): void {
    this.over = true;
    for (const turn of this.turns.splice(0)) turn.reject(new LaneEndedError('the lane has ended'));
  }
}
