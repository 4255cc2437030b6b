import { isNoisy, showSpread, type Spread } from './slices.js';

/** What a run must show, and whether it did. */
export interface Target {
  readonly says: string;
  readonly got: Spread;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Of the limit that was measured beside it: when that one moved, nothing is said about the target. */
  readonly limit: Spread;
}

export type Judgement = 'pass' | 'FAIL' | 'noisy';

export function judge({ got, atLeast = -Infinity, atMost = Infinity, limit }: Target): Judgement {
  if (isNoisy(limit)) return 'noisy';
  return got.median >= atLeast && got.median <= atMost ? 'pass' : 'FAIL';
}

export function targetRow(target: Target): string[] {
  const { says, got, atLeast, atMost } = target;
  const due = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  return [says, due, showSpread(got), judge(target)];
}
