import type { Counters } from './counters.js';

export type EngineState = 'starting' | 'catching-up' | 'live' | 'stopped';

/** For health, /metrics and `daybook projections`: where the group is and what holds it up. */
export interface EngineStatus {
  readonly group: string;
  readonly state: EngineState;
  /** Why it has stopped, or what the last failure was while it tries again. */
  readonly reason: string | null;
  readonly bucketSets: readonly BucketSetStatus[];
  readonly parked: number;
  readonly restarts: number;
  readonly counters: Readonly<Counters> & { readonly documentsRead: number; readonly cacheBytes: number };
}

/** Buckets that move together. */
export interface BucketSetStatus {
  readonly buckets: readonly number[];
  readonly position: bigint;
  readonly seq: number;
  /** Delivered by the store and not yet committed. */
  readonly lagEvents: number;
  /** Age of the oldest of them; 0 when there is none. */
  readonly lagSeconds: number;
}
