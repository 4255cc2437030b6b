import { readLogIdentity, type EventStore, type LogIdentity } from '@daybook/eventsourcing';
import type { Clock, Log, Random, Timers } from '@daybook/kernel';
import type { Pool } from 'pg';
import { UnknownEventError } from '../fold-in-memory.js';
import { forgetGroup, GroupChangedError, prepareGroup } from '../postgres/group-tables.js';
import type { ProjectionGroup, Space } from '../projection.js';
import { spaceKey } from '../space.js';
import { OtherLogError, ownedBuckets } from './checkpoint.js';
import { TakenOverError, type Connect } from './connection.js';
import { assertNotSkipped, DeliveryGapError, SkippedEventError } from './delivery-order.js';
import { GroupWriter } from './group-writer.js';
import type { Counters } from './counters.js';
import type { Commit, LaneContext } from './lane-context.js';
import { Leases } from './leases.js';
import { DEFAULT_LIMITS, type EngineLimits } from './limits.js';
import type { RetryOutcome } from './parked.js';
import { Session } from './session.js';
import type { BucketSetStatus, EngineState, EngineStatus } from './status.js';
import { WorkingSet } from './working-set.js';

export interface EngineOptions {
  readonly group: ProjectionGroup;
  readonly store: EventStore;
  /** For leases and look-ups; every lane opens a session of its own with `connect`. */
  readonly pool: Pool;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly limits?: Partial<EngineLimits>;
  /** True where a lock proves that no other process is left: does not wait for the leases of one that was killed. */
  readonly takeOver?: boolean;
  /** Likewise only where nobody else is at work: rows of other projections are dropped and folded anew from the log. */
  readonly forgetChanged?: boolean;
  /** After each commit, with what it reached: a nudge for those who wait. Never throws. */
  readonly onCommit?: (commit: Commit) => void;
}

/**
 * Keeps the read models of one group up to the log. Goes on by itself after anything that may pass (a lost connection, a
 * take-over, a restart of the database); stops, and says why, at anything it does not understand.
 */
export class ProjectionEngine {
  private readonly context: LaneContext;
  private readonly leases: Leases;
  private readonly counters: Counters = { batches: 0, events: 0, rows: 0, feedRows: 0, statements: 0, roundTrips: 0 };
  private readonly stopping = new AbortController();
  private session: Session | null = null;
  private running: Promise<void> | null = null;
  private stopped = false;
  private reason: string | null = null;
  private final: Error | null = null;
  private restarts = 0;

  constructor(private readonly options: EngineOptions) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const { group, store, connect, clock, timers, log, random, pool, onCommit } = options;
    const owner = random.uuid();
    const working = new WorkingSet(group, limits.cacheBytesMax);
    const writer = new GroupWriter(group);
    const committed = (commit: Commit): void => {
      this.reason = null;
      onCommit?.(commit);
    };
    const { counters } = this;
    this.context = { group, store, connect, clock, timers, log, owner, limits, writer, working, counters, committed };
    this.leases = new Leases(pool, group.name, owner, limits.leaseMs);
  }

  start(): void {
    this.running ??= this.supervise();
  }

  /** Settles when the engine has stopped: with null when it was asked to, else with what it does not go on after. */
  async ended(): Promise<Error | null> {
    await this.running;
    return this.final;
  }

  /** Ends the transaction under way, gives the buckets back, and closes what the engine has opened. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.session?.stop();
    await this.running;
  }

  /** Folds what a parked space has missed; null when another process owns it, or nobody yet. */
  async retryParked(space: Space): Promise<RetryOutcome | null> {
    return this.session === null ? null : this.session.retry(spaceKey(space));
  }

  status(): EngineStatus {
    const { group, working } = this.context;
    const documentsRead = working.documentsRead;
    return {
      group: group.name,
      state: this.state,
      reason: this.reason,
      bucketSets: this.bucketSets(),
      parked: working.parkedSpaces.size,
      restarts: this.restarts,
      counters: { ...this.counters, documentsRead, cacheBytes: working.bytesHeld },
    };
  }

  private get state(): EngineState {
    if (this.stopped) return 'stopped';
    const lane = this.session?.lane;
    if (lane === null || lane === undefined) return 'starting';
    return lane.isLive ? 'live' : 'catching-up';
  }

  private bucketSets(): BucketSetStatus[] {
    return (this.session?.allLanes ?? []).map((lane) => {
      const { events, since } = lane.behind;
      const ageMs = since === null ? 0 : this.options.clock.now() - Date.parse(since);
      return {
        buckets: lane.ownedBuckets.map(({ bucket }) => bucket),
        position: lane.checkpoint.position,
        seq: lane.checkpoint.seq,
        lagEvents: events,
        lagSeconds: Math.max(0, ageMs) / 1_000,
      };
    });
  }

  private async supervise(): Promise<void> {
    const { log, timers, random } = this.options;
    const { limits, group } = this.context;
    for (let failures = 0; !this.stopping.signal.aborted; ) {
      const reached = this.counters.batches;
      try {
        await this.live();
      } catch (error) {
        const last = await this.lasting(error);
        this.reason = last.message;
        if (last.isFinal) {
          this.final = error instanceof Error ? error : new Error(last.message);
          log.error('projections stopped', { group: group.name, reason: last.message });
          break;
        }
        failures = this.counters.batches > reached ? 1 : failures + 1;
        this.restarts += 1;
        log.warn('projections start again from the checkpoint', { group: group.name, reason: last.message });
        const ceiling = Math.min(limits.backoffMsMax, limits.backoffMsMin * 2 ** Math.min(failures, 16));
        await timers.sleep(ceiling * random.fraction(), this.stopping.signal).catch(() => undefined);
      }
    }
    this.stopped = true;
    await this.leases.leave().catch((error: unknown) => log.warn('leases run out by themselves', { reason: String(error) }));
  }

  private async live(): Promise<void> {
    const { pool, store, takeOver = false } = this.options;
    await this.prepare();
    const identity = await identityOf(store);
    const session = new Session(this.context, pool, this.leases, identity);
    this.session = session;
    try {
      if (this.stopping.signal.aborted) return;
      await session.run(takeOver && this.restarts === 0);
    } finally {
      this.session = null;
    }
  }

  private async prepare(): Promise<void> {
    const { pool, group, log, forgetChanged = false } = this.options;
    try {
      await prepareGroup(pool, group);
    } catch (error) {
      if (!forgetChanged || !(error instanceof GroupChangedError)) throw error;
      log.warn('read models are folded anew from the log', { group: group.name, reason: error.message });
      await forgetGroup(pool, group);
      await prepareGroup(pool, group);
    }
  }

  /** What a failure means for the next life of the engine. */
  private async lasting(error: unknown): Promise<{ readonly message: string; readonly isFinal: boolean }> {
    // Another process has written: nothing that is at hand here can be believed.
    if (error instanceof TakenOverError) this.context.working.clear();
    if (error instanceof DeliveryGapError) return this.afterGap(error);
    return { message: error instanceof Error ? error.message : String(error), isFinal: isFinal(error) };
  }

  private async afterGap(gap: DeliveryGapError): Promise<{ readonly message: string; readonly isFinal: boolean }> {
    const { pool, store, group } = this.options;
    try {
      const owned = await ownedBuckets(pool, group.name, this.context.owner);
      for (const { checkpoint } of owned) await assertNotSkipped(store, gap, checkpoint.position);
      return { message: gap.message, isFinal: false };
    } catch (error) {
      return { message: error instanceof Error ? error.message : String(error), isFinal: error instanceof SkippedEventError };
    }
  }
}

async function identityOf(store: EventStore): Promise<LogIdentity> {
  const identity = await readLogIdentity(store);
  if (identity === null) throw new Error('the log has not been opened yet');
  return identity;
}

function isFinal(error: unknown): boolean {
  return [UnknownEventError, OtherLogError, GroupChangedError, SkippedEventError].some((kind) => error instanceof kind);
}
