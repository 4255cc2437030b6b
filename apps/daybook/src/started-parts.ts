import type { Log } from '@daybook/kernel';
import type { Shutdown } from '@daybook/platform';

interface Part {
  readonly name: string;
  readonly withinMs: number;
  readonly stop: () => Promise<unknown>;
}

/** What runs, in the order it was started. It stops in the opposite order: what others stand on goes last. */
export class StartedParts {
  private readonly parts: Part[] = [];

  add(name: string, withinMs: number, stop: () => Promise<unknown>): void {
    this.parts.push({ name, withinMs, stop });
  }

  /** For a start that failed halfway. */
  async stopAll(log: Log): Promise<void> {
    for (const { name, stop } of this.parts.toReversed()) {
      await stop().catch((error: unknown) => log.warn('A part did not stop cleanly', { part: name, error }));
    }
  }

  /** For a start that succeeded: from here on the shutdown owns them. */
  handOver(shutdown: Shutdown): void {
    for (const { name, withinMs, stop } of this.parts.toReversed()) shutdown.add({ name, withinMs, run: stop });
  }
}
