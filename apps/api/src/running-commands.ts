import { DaybookError, type Timers } from '@daybook/kernel';

const WAIT_MS = 5_000;
const RETRY_AFTER_SECONDS = 1;

/**
 * The commands under way in this process, by id: of two requests with one key, the second begins when the first is
 * over, and then finds its answer. (Two processes meet in the stream.)
 */
export class RunningCommands {
  /** By id: over when everybody who came before is. */
  private readonly lines = new Map<string, Promise<unknown>>();

  constructor(private readonly timers: Timers) {}

  async oneAtATime<Answer>(commandId: string, run: () => Promise<Answer>): Promise<Answer> {
    const before = this.lines.get(commandId);
    let leave = (): void => undefined;
    const mine = new Promise<void>((resolve) => (leave = resolve));
    const line = Promise.all([before, mine]);
    this.lines.set(commandId, line);
    try {
      if (before !== undefined) await this.untilOver(before, commandId);
      return await run();
    } finally {
      leave();
      void line.then(() => {
        if (this.lines.get(commandId) === line) this.lines.delete(commandId);
      });
    }
  }

  private async untilOver(before: Promise<unknown>, commandId: string): Promise<void> {
    let cancel = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      cancel = this.timers.after(WAIT_MS, () => reject(stillRunning(commandId)));
    });
    try {
      await Promise.race([before, late]);
    } finally {
      cancel();
    }
  }
}

function stillRunning(commandId: string): DaybookError {
  return new DaybookError('IDEMPOTENCY_IN_PROGRESS', 'The first request with this key has no answer yet; ask again with the same key.', {
    commandId,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
