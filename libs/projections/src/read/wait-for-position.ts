import { types } from 'node:util';
import type { Timers } from '@daybook/kernel';
import type { Pool } from 'pg';
import type { Space } from '../projection.js';
import { allBuckets, bucketOf, spaceKey, type SpaceKey } from '../space.js';
import type { Nudge, Nudges } from './nudges.js';

/** 'parked': the space stands still before that position until somebody has put right what threw. */
export type Waited = 'reached' | 'parked' | 'timeout';

export interface PositionWatchOptions {
  readonly pool: Pool;
  readonly group: string;
  readonly nudges: Nudges;
  readonly timers: Timers;
  /** How often to look while somebody waits, should a nudge be lost. */
  readonly pollMs?: number;
}

interface Waiter {
  readonly space: SpaceKey | null;
  readonly buckets: readonly number[];
  readonly position: bigint;
  readonly settle: (waited: Waited) => void;
}

const POLL_MILLISECONDS = 250;

/**
 * Tells when the read models have reached a position: a space's on its bucket, a user-wide question on all of them.
 * Nothing runs while nobody waits; one look answers all who do.
 */
export class PositionWatch {
  private readonly waiters = new Set<Waiter>();
  private readonly unsubscribe: () => void;
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private cancelPoll: () => void = () => undefined;
  private failure: unknown = null;

  constructor(private readonly options: PositionWatchOptions) {
    this.unsubscribe = options.nudges.subscribe((nudge) => this.onNudge(nudge));
  }

  /** Rejects when the database cannot be asked by the end of the time. */
  async wait(space: Space | null, position: bigint, timeoutMs: number): Promise<Waited> {
    const key = space === null ? null : spaceKey(space);
    return new Promise<Waited>((resolve, reject) => {
      const cancelTimeout = this.options.timers.after(timeoutMs, () => {
        this.waiters.delete(waiter);
        if (this.failure === null) resolve('timeout');
        else reject(types.isNativeError(this.failure) ? this.failure : new Error(String(this.failure)));
      });
      const waiter: Waiter = {
        space: key,
        buckets: key === null ? allBuckets() : [bucketOf(key)],
        position,
        settle: (waited) => {
          cancelTimeout();
          this.waiters.delete(waiter);
          resolve(waited);
        },
      };
      this.waiters.add(waiter);
      this.look();
    });
  }

  /** For a command's `Prefer: wait`: false when it is not there in time, or not to be expected. */
  async waitUntilProjected(space: Space, position: bigint, timeoutMs: number): Promise<boolean> {
    return (await this.wait(space, position, timeoutMs)) === 'reached';
  }

  /** Those who still wait are told that the time is over. */
  async close(): Promise<void> {
    this.unsubscribe();
    this.cancelPoll();
    for (const waiter of [...this.waiters]) waiter.settle('timeout');
    await this.looking;
  }

  /** A nudge answers by itself for a bucket in which nothing is parked; for any other it only says when to look. */
  private onNudge(nudge: Nudge | 'lost'): void {
    if (this.waiters.size === 0) return;
    if (nudge === 'lost') return this.look();
    if (nudge.group !== this.options.group) return;
    for (const waiter of [...this.waiters]) {
      const [bucket, ...others] = waiter.buckets;
      const alone = bucket !== undefined && others.length === 0;
      const covered = waiter.buckets.every((one) => nudge.owned.has(one));
      if (!covered || nudge.position < waiter.position) continue;
      if (alone && nudge.parked.has(bucket)) this.look();
      else waiter.settle('reached');
    }
    // Several processes share the buckets: only the table knows whether all of them are there.
    if ([...this.waiters].some(({ buckets }) => buckets.length > 1 && nudge.owned.size < buckets.length)) this.look();
  }

  private look(): void {
    this.cancelPoll();
    this.lookAgain = this.looking !== null;
    if (this.looking !== null) return;
    this.looking = this.lookOnce().finally(() => {
      this.looking = null;
      if (this.waiters.size === 0) return;
      if (this.lookAgain) this.look();
      else this.cancelPoll = this.options.timers.after(this.options.pollMs ?? POLL_MILLISECONDS, () => this.look());
    });
  }

  private async lookOnce(): Promise<void> {
    const asked = [...this.waiters];
    const spaces = asked.flatMap(({ space }) => (space === null ? [] : [space]));
    try {
      const { rows } = await this.options.pool.query<{ bucket: number; position: string; parked: string[] | null }>(
        `select b.bucket, b.position,
                (select array_agg(p.space || ' ' || p.position) from projection_parked p
                  where p.group_name = b.group_name and p.bucket = b.bucket and p.space = any($2)) as parked
           from projection_buckets b where b.group_name = $1`,
        [this.options.group, spaces],
      );
      this.failure = null;
      const positions = new Map(rows.map(({ bucket, position }) => [bucket, BigInt(position)]));
      const parked = new Map(rows.flatMap((row) => row.parked ?? []).map(parkedAt));
      for (const waiter of asked) this.settle(waiter, positions, parked);
    } catch (error) {
      this.failure = error;
    }
  }

  private settle(waiter: Waiter, positions: ReadonlyMap<number, bigint>, parked: ReadonlyMap<SpaceKey, bigint>): void {
    const stands = waiter.space === null ? undefined : parked.get(waiter.space);
    if (stands !== undefined && stands <= waiter.position) waiter.settle('parked');
    else if (waiter.buckets.every((bucket) => (positions.get(bucket) ?? -1n) >= waiter.position)) waiter.settle('reached');
  }
}

function parkedAt(text: string): [SpaceKey, bigint] {
  const end = text.lastIndexOf(' ');
  return [text.slice(0, end), BigInt(text.slice(end + 1))];
}
