import type { Timers } from '@daybook/kernel';

/** Wakes the one who waits for it; rung while nobody waits, it is not heard. */
export class Bell {
  private heard = (): void => undefined;

  ring(): void {
    this.heard();
  }

  async wait(timers: Timers, timeoutMs: number | null): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = timeoutMs === null ? () => undefined : timers.after(timeoutMs, resolve);
      this.heard = () => {
        cancel();
        resolve();
      };
    });
  }
}
