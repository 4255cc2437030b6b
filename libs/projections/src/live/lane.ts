import type { LogIdentity } from '@daybook/eventsourcing';
import type { IncomingEvent, Understood } from '../audit.js';
import { GroupBatch, touchedBuckets } from '../batch.js';
import { incomingEvents } from '../fold-in-memory.js';
import { Bell } from './bell.js';
import { assertReached, type Checkpoint, type OwnedBucket } from './checkpoint.js';
import { isRefusedData, transact, type Connection } from './connection.js';
import { countBatch } from './counters.js';
import { DeliveryOrder } from './delivery-order.js';
import { Inbox, type Delivery } from './inbox.js';
import type { LaneContext } from './lane-context.js';
import { LaneEndedError, Turns } from './turns.js';
import { understandDelivery } from './understand-delivery.js';

/**
 * Buckets that move together: one subscription, one connection, one transaction at a time that writes their rows and
 * moves all of them to one position, or none. A process has one main lane; buckets it takes over catch up in a lane of
 * their own and then join it. A lane that has failed is thrown away: the next one starts from what is committed.
 */
export class Lane {
  private readonly inbox: Inbox;
  private readonly subscription = new AbortController();
  private readonly bell = new Bell();
  private readonly turns = new Turns(() => this.bell.ring());
  private stopping = false;
  private live = false;
  private owned: ReadonlySet<number>;
  /** Delivered, though not yet committed: the position a quiet lane will note. */
  private delivered: bigint;
  private startedAt = Number.NEGATIVE_INFINITY;

  private constructor(
    private readonly context: LaneContext,
    private readonly log: LogIdentity,
    private readonly connection: Connection,
    private buckets: readonly OwnedBucket[],
    private at: Checkpoint,
  ) {
    this.owned = new Set(buckets.map(({ bucket }) => bucket));
    this.delivered = at.position;
    const { store, group, limits } = context;
    const messages = store.subscribe({
      streamPrefixes: group.streamPrefixes,
      signal: this.subscription.signal,
      ...(at.position < 0n ? {} : { after: at.position }),
    });
    const readAhead = { eventsMax: limits.readAheadEventsMax, bytesMax: limits.readAheadBytesMax };
    const order = new DeliveryOrder(at.position);
    this.inbox = new Inbox(messages, order, incomingEvents(group), readAhead, () => this.bell.ring());
  }

  /** All buckets are at one checkpoint; the log is asked whether it has been there. */
  static async open(context: LaneContext, log: LogIdentity, buckets: readonly OwnedBucket[]): Promise<Lane> {
    const at = buckets[0]?.checkpoint;
    if (at === undefined) throw new TypeError('a lane needs a bucket');
    await assertReached(context.store, at);
    const connection = await context.connect();
    try {
      await context.working.loadParked(connection, new Set(buckets.map(({ bucket }) => bucket)));
      return new Lane(context, log, connection, buckets, at);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  get checkpoint(): Checkpoint {
    return this.at;
  }

  get ownedBuckets(): readonly OwnedBucket[] {
    return this.buckets;
  }

  owns(bucket: number): boolean {
    return this.owned.has(bucket);
  }

  get isLive(): boolean {
    return this.live;
  }

  /** Events delivered and not yet committed, and the recorded time of the oldest. */
  get behind(): { readonly events: number; readonly since: string | null } {
    const stated = this.inbox.oldest?.metadata['recordedAt'];
    return { events: this.inbox.waiting, since: typeof stated === 'string' ? stated : null };
  }

  /** Until stopped; rejects with whatever ended it. */
  async run(): Promise<void> {
    try {
      while (!this.stopping) {
        if (this.turns.areWaiting) await this.turns.runNext();
        else await this.step(Number.POSITIVE_INFINITY);
      }
    } finally {
      this.stop();
      this.turns.close();
    }
  }

  /** To the event of this number and not one further. */
  async runTo(seq: number): Promise<void> {
    while (this.at.seq < seq) {
      if (this.stopping) throw new LaneEndedError(`the lane ended at event ${this.at.seq}, before ${seq}`);
      await this.step(seq - this.at.seq);
    }
  }

  /** Runs between two transactions. */
  async exclusive<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.turns.take(work);
  }

  /** Two lanes at one event: the one at the lower position has nothing of the group before it up to the other's. */
  async meet(other: Checkpoint): Promise<void> {
    const { seq, last } = this.at;
    if (other.seq !== seq || other.last?.id !== last?.id) {
      throw new TypeError(`buckets at event ${other.seq} cannot move with those at event ${seq}`);
    }
    await this.passTo(other.position);
  }

  /** Inside `exclusive`, after both have met: these buckets move along from now on. */
  adopt(joining: readonly OwnedBucket[]): void {
    this.setBuckets([...this.buckets, ...joining]);
  }

  /** Inside `exclusive`. */
  drop(buckets: ReadonlySet<number>): void {
    this.setBuckets(this.buckets.filter(({ bucket }) => !buckets.has(bucket)));
    this.context.working.forgetBuckets(buckets);
  }

  /** Inside `exclusive`: writes what a retry has folded, if the buckets are still ours. */
  async commitRetry(batch: GroupBatch, unparked: readonly string[]): Promise<void> {
    await this.write(batch, this.at, unparked);
  }

  /** A batch onto which these events can be folded. */
  async batchFor(events: readonly Understood[]): Promise<GroupBatch> {
    const { group, working, counters } = this.context;
    const loaded = await working.load(this.connection, events);
    counters.roundTrips += loaded.roundTrips;
    return new GroupBatch(group, loaded);
  }

  get session(): Connection {
    return this.connection;
  }

  /** Lets the transaction under way end, then nothing more. */
  stop(): void {
    this.stopping = true;
    this.subscription.abort();
    this.inbox.close();
    this.bell.ring();
  }

  async close(): Promise<void> {
    this.stop();
    await this.connection.close().catch(() => undefined);
  }

  private setBuckets(buckets: readonly OwnedBucket[]): void {
    this.buckets = buckets;
    this.owned = new Set(buckets.map(({ bucket }) => bucket));
  }

  private async step(eventsMax: number): Promise<void> {
    const { limits, clock, timers } = this.context;
    if (this.inbox.waiting > 0 && !this.inbox.isFull) await this.untilNextBatch();
    const delivery = this.inbox.take(Math.min(eventsMax, limits.batchEventsMax));
    if (delivery.position !== null && delivery.position > this.delivered) this.delivered = delivery.position;
    if (delivery.caughtUp) this.live = true;
    const moved = this.delivered !== this.at.position;
    const due = delivery.caughtUp || clock.monotonic() - this.startedAt >= limits.checkpointEveryMs;
    if (delivery.events.length > 0) await this.commit(delivery);
    else if (moved && due) await this.passTo(this.delivered);
    else if (this.inbox.isEmpty && !this.stopping && !this.turns.areWaiting) {
      await this.bell.wait(timers, moved ? limits.checkpointEveryMs : null);
    }
  }

  /** No event of the group lies between here and the position: notes that it has been passed. */
  private async passTo(position: bigint): Promise<void> {
    if (position <= this.at.position) return;
    if (position > this.delivered) this.delivered = position;
    await this.write(await this.batchFor([]), { ...this.at, position });
  }

  /** The first batch after a quiet time starts at once; under load more events share the cost of one. */
  private async untilNextBatch(): Promise<void> {
    const { limits, clock, timers } = this.context;
    const wait = this.startedAt + limits.batchEveryMs - clock.monotonic();
    if (wait > 0) await timers.sleep(wait, this.subscription.signal).catch(() => undefined);
  }

  private async commit({ events }: Delivery): Promise<void> {
    const { batch, to } = await this.fold(events, this.delivered);
    try {
      await this.write(batch, to);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      this.context.log.warn('the database refused a batch, going on event by event', { reason: error.message });
      for (const event of events) await this.commitAlone(event);
    }
  }

  /** What a fold's own checks let through and Postgres does not take parks its space like a throw. */
  private async commitAlone(incoming: IncomingEvent): Promise<void> {
    const { batch, to } = await this.fold([incoming], incoming.event.position);
    try {
      await this.write(batch, to);
    } catch (error) {
      const row = batch.audit[0];
      if (!isRefusedData(error) || row === undefined || !this.context.writer.mayRefuse(error.table)) throw error;
      const parked = await this.batchFor([]);
      parked.audit.push(row);
      parked.park(row, error.table ?? 'database', error.message);
      await this.write(parked, to);
    }
  }

  private async fold(events: readonly IncomingEvent[], position: bigint): Promise<{ batch: GroupBatch; to: Checkpoint }> {
    const { group, working } = this.context;
    const { mine, to } = understandDelivery(group, events, this.at, position, (bucket) => this.owns(bucket));
    const batch = await this.batchFor(mine.filter(({ row }) => working.parked(row.space) === undefined));
    for (const understood of mine) batch.add(understood);
    return { batch, to };
  }

  private async write(batch: GroupBatch, to: Checkpoint, unparked: readonly string[] = []): Promise<void> {
    const { writer, owner, limits, clock, working, counters } = this.context;
    this.startedAt = clock.monotonic();
    const advance = { owner, buckets: this.buckets, log: this.log, from: this.at.position, to, leaseMs: limits.leaseMs };
    const statements = writer.statements(advance, batch, unparked);
    try {
      await transact(this.connection, statements);
    } catch (error) {
      working.forget(batch);
      throw error;
    }
    this.at = to;
    working.keep(batch, unparked);
    countBatch(counters, batch, statements.length);
    const touched = touchedBuckets(batch);
    this.context.committed({ position: to.position, owned: this.owned, touched, parked: working.parkedBuckets() });
  }
}
