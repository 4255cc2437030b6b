import type { Clock, Timers } from '@daybook/kernel';

export interface LoopLag {
  /** How late this process is: what the last beat was late by, or the beat that is due now. */
  lagMs(): number;
  stop(): void;
}

const BEAT_MS = 500;

export function watchLoopLag({ clock, timers }: { readonly clock: Clock; readonly timers: Timers }): LoopLag {
  let beatAt = clock.monotonic();
  let lastLag = 0;
  let cancel = timers.after(BEAT_MS, beat);
  function beat(): void {
    lastLag = overdue();
    beatAt = clock.monotonic();
    cancel = timers.after(BEAT_MS, beat);
  }
  const overdue = (): number => Math.max(0, clock.monotonic() - beatAt - BEAT_MS);
  return { lagMs: () => Math.max(lastLag, overdue()), stop: () => cancel() };
}
