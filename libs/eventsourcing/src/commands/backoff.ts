import type { Random } from '@daybook/kernel';

export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Full jitter: anything between at once and the doubled delay, so that rivals do not meet again. */
export function backoffMs({ baseMs, capMs }: Backoff, attempt: number, random: Random): number {
  return random.fraction() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 16));
}
