import type { LogIdentity } from '@daybook/eventsourcing';
import type { Pool } from 'pg';
import type { SpaceKey } from '../space.js';
import { assertSameLog, ownedBuckets, type OwnedBucket } from './checkpoint.js';
import { TakenOverError } from './connection.js';
import type { LaneContext } from './lane-context.js';
import { Lane } from './lane.js';
import type { Leases } from './leases.js';
import { retryParked, wantedRetries, type RetryOutcome } from './parked.js';

/** Buckets that wait to join are looked at more often than leases need. */
const JOIN_EVERY_MILLISECONDS = 200;
/** Rounds a joining lane may take to come near before the main lane waits for it. */
const APPROACHES = 3;

/**
 * One life of the engine: holds leases, keeps what it owns moving, ends with the first thing that goes wrong. Whatever
 * it knew is then dropped and the next life starts from what is committed.
 */
export class Session {
  private main: Lane | null = null;
  private readonly lanes = new Set<Lane>();
  private readonly joining = new Set<number>();
  private readonly retrying = new Set<SpaceKey>();
  private readonly background = new Set<Promise<void>>();
  private readonly over = new AbortController();
  private fail: (error: unknown) => void = () => undefined;
  private readonly failure = new Promise<never>((_, reject) => (this.fail = reject));
  private waiting = 0;

  constructor(
    private readonly context: LaneContext,
    private readonly pool: Pool,
    private readonly leases: Leases,
    private readonly log: LogIdentity,
  ) {
    this.failure.catch(() => undefined);
  }

  get allLanes(): readonly Lane[] {
    return [...this.lanes];
  }

  get lane(): Lane | null {
    return this.main;
  }

  /** Until stopped; rejects with what ended it. `takeOver` claims what a process that is known to be gone still holds. */
  async run(takeOver: boolean): Promise<void> {
    const { limits, timers } = this.context;
    try {
      let held = takeOver;
      while (!this.over.signal.aborted) {
        const tended = this.tend(held);
        this.track(tended);
        await Promise.race([tended, this.failure]);
        held = false;
        const pause = this.waiting > 0 ? JOIN_EVERY_MILLISECONDS : limits.renewEveryMs;
        await Promise.race([timers.sleep(pause, this.over.signal).catch(() => undefined), this.failure]);
      }
    } finally {
      await this.end();
    }
  }

  /** Lets the transaction under way end. */
  stop(): void {
    this.over.abort();
  }

  async retry(space: SpaceKey): Promise<RetryOutcome | null> {
    return this.main === null ? null : retryParked(this.main, this.context, space);
  }

  private async tend(takeOver: boolean): Promise<void> {
    const { group, owner, working } = this.context;
    const share = await this.leases.beat();
    const held = await ownedBuckets(this.pool, group.name, owner);
    this.assertStillOurs(held);
    if (held.length > share) await this.release(held.length - share);
    const claimed = held.length < share ? await this.leases.claim(share - held.length, { held: takeOver }) : [];
    if (claimed.length > 0) working.forgetBuckets(new Set(claimed));
    // Looked up again: what was released a moment ago must not be taken for new.
    const owned = await ownedBuckets(this.pool, group.name, owner);
    await this.admit(owned.filter(({ bucket }) => this.main?.owns(bucket) !== true && !this.joining.has(bucket)));
    await this.startWantedRetries();
  }

  private assertStillOurs(owned: readonly OwnedBucket[]): void {
    const epochs = new Map(owned.map(({ bucket, epoch }) => [bucket, epoch]));
    for (const { bucket, epoch } of this.main?.ownedBuckets ?? []) {
      if (epochs.get(bucket) !== epoch) throw new TakenOverError(`bucket ${bucket} has been taken over`);
    }
  }

  private async release(count: number): Promise<void> {
    const main = this.main;
    if (main === null) return;
    await main.exclusive(async () => {
      const leaving = main.ownedBuckets.slice(-count).map(({ bucket }) => bucket);
      main.drop(new Set(leaving));
      await this.leases.release(leaving);
    });
  }

  /** Buckets behind the main lane catch up and join; those ahead of it wait until it has passed them. */
  private async admit(fresh: readonly OwnedBucket[]): Promise<void> {
    assertSameLog(this.log, fresh);
    const together = byCheckpoint(fresh.filter(({ bucket }) => !this.main?.owns(bucket)));
    const first = together[0];
    if (this.main === null && first !== undefined) {
      this.main = await this.open(first);
      together.shift();
      this.inBackground(this.main.run());
    }
    const main = this.main;
    if (main === null) return;
    this.waiting = together.length;
    for (const buckets of together) {
      if ((buckets[0]?.checkpoint.seq ?? 0) > main.checkpoint.seq) continue;
      for (const { bucket } of buckets) this.joining.add(bucket);
      this.inBackground(this.join(main, buckets));
    }
  }

  private async join(main: Lane, buckets: readonly OwnedBucket[]): Promise<void> {
    const lane = await this.open(buckets);
    for (let approach = 0; approach < APPROACHES; approach += 1) await lane.runTo(main.checkpoint.seq);
    await main.exclusive(async () => {
      await lane.runTo(main.checkpoint.seq);
      await lane.meet(main.checkpoint);
      await main.meet(lane.checkpoint);
      main.adopt(lane.ownedBuckets);
    });
    for (const { bucket } of buckets) this.joining.delete(bucket);
    this.lanes.delete(lane);
    await lane.close();
  }

  private async open(buckets: readonly OwnedBucket[]): Promise<Lane> {
    const lane = await Lane.open(this.context, this.log, buckets);
    this.lanes.add(lane);
    if (this.over.signal.aborted) lane.stop();
    return lane;
  }

  private async startWantedRetries(): Promise<void> {
    const main = this.main;
    if (main === null) return;
    const buckets = main.ownedBuckets.map(({ bucket }) => bucket);
    for (const space of await wantedRetries(this.pool, this.context.group.name, buckets)) {
      if (this.retrying.has(space)) continue;
      this.retrying.add(space);
      const done = retryParked(main, this.context, space).finally(() => this.retrying.delete(space));
      this.inBackground(done.then(() => undefined));
    }
  }

  private inBackground(work: Promise<void>): void {
    this.track(work.catch((error: unknown) => this.fail(error)));
  }

  /** The session does not end before it. */
  private track(work: Promise<void>): void {
    const settled = work.catch(() => undefined).finally(() => this.background.delete(settled));
    this.background.add(settled);
  }

  private async end(): Promise<void> {
    this.over.abort();
    for (const lane of this.lanes) lane.stop();
    while (this.background.size > 0) await Promise.all(this.background);
    await Promise.all([...this.lanes].map(async (lane) => lane.close()));
  }
}

/** Sets of buckets at one checkpoint, the furthest first. */
function byCheckpoint(buckets: readonly OwnedBucket[]): OwnedBucket[][] {
  const sets = new Map<string, OwnedBucket[]>();
  for (const bucket of buckets) {
    const { seq, position } = bucket.checkpoint;
    const at = `${seq}/${position}`;
    sets.set(at, [...(sets.get(at) ?? []), bucket]);
  }
  return [...sets.values()].sort((a, b) => (b[0]?.checkpoint.seq ?? 0) - (a[0]?.checkpoint.seq ?? 0));
}
