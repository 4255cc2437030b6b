import type { Log, Timers } from '@daybook/kernel';
import type { Ops } from '@daybook/platform';

const EVERY_MS = 3_600_000;

/** Drops from ops what no answer depends on any more, once an hour; any number of processes may. Returns how to stop. */
export function pruneHourly(ops: Pick<Ops, 'prune'>, timers: Timers, log: Log): () => void {
  const prune = (): void => {
    cancel = timers.after(EVERY_MS, prune);
    ops.prune().catch((error: unknown) => log.warn('What has expired could not be dropped', { error }));
  };
  let cancel = timers.after(EVERY_MS, prune);
  return () => cancel();
}
