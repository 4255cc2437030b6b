import { readFileSync } from 'node:fs';
import type { Timers } from '@daybook/kernel';

const LOOK_EVERY_MS = 1_000;

/**
 * `npm start` stands between whoever started this and this program, and a shell stands between npm and it. A supervisor
 * that stops npm stops npm alone: neither passes the signal on. So this program goes when one of the two has gone.
 * Calls back once. Does nothing for a program that npm did not start.
 */
export function watchNpm(
  environment: Readonly<Record<string, string | undefined>>,
  timers: Timers,
  onGone: () => void,
): void {
  if (environment['npm_lifecycle_event'] !== 'start') return;
  const shell = process.ppid;
  const npm = parentOf(shell);
  timers.after(LOOK_EVERY_MS, look);
  function look(): void {
    const isLeft = process.ppid === shell && (npm === undefined || parentOf(shell) === npm);
    if (!isLeft) return onGone();
    timers.after(LOOK_EVERY_MS, look);
  }
}

/** Known where /proc is; elsewhere only the direct parent is looked at. */
function parentOf(pid: number): number | undefined {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}
