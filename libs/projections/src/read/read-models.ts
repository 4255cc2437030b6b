import type { LogIdentity } from '@daybook/eventsourcing';
import { DaybookError, type Clock, type Timers } from '@daybook/kernel';
import type { Kysely, Transaction } from 'kysely';
import type { ProjectionGroup, Space } from '../projection.js';
import { ANSWER_WITHIN_MS, fromDatabase } from './database-answers.js';
import { sharedSnapshot, sharing, type SharedSnapshot } from './shared-snapshot.js';
import { snapshotOf } from './snapshot.js';
import type { PositionWatch, Waited } from './wait-for-position.js';

export interface ReadRequest {
  /** null: a question over all spaces, which waits for all of them. */
  readonly space: Space | null;
  /** The answer is at least as new as this. */
  readonly minPosition?: bigint;
  readonly timeoutMs?: number;
}

export interface ReadAnswer<Data> {
  readonly data: Data;
  /** Everything at or before it that concerns the space is in the data. */
  readonly position: bigint;
  /** Version of the space's feed that this is the state of; null for a question over all spaces. */
  readonly v: number | null;
  /** The log the position belongs to; null before the first event. */
  readonly log: LogIdentity | null;
  readonly stale?: { readonly since: string; readonly reason: 'parked' };
}

/** Asks one snapshot of the database; `at` says how far it is. */
export type Query<Schema, Data> = (trx: Transaction<Schema>, at: { readonly position: bigint }) => Promise<Data>;

export interface ReadModelsOptions<Schema> {
  readonly db: Kysely<Schema>;
  readonly group: ProjectionGroup;
  readonly watch: PositionWatch;
  readonly clock: Clock;
  readonly timers: Timers;
}

const WAIT_MILLISECONDS = 500;
const RETRY_AFTER_SECONDS = 1;

/** Answers questions: rows and the position they are at come from one snapshot of the database. */
export class ReadModels<Schema> {
  constructor(private readonly options: ReadModelsOptions<Schema>) {}

  /** For histories: what a stored event means, and which folds there are. */
  get group(): ProjectionGroup {
    return this.options.group;
  }

  /** `at` is the position of the answer: nothing beyond it may be looked at. */
  async read<Data>(request: ReadRequest, query: Query<Schema, Data>): Promise<ReadAnswer<Data>> {
    const shared = sharedSnapshot(this.group.name);
    if (shared !== undefined) return this.readShared(shared, request, query);
    return this.whenReached(request, async () => {
      const transaction = this.options.db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
      return transaction.execute(async (trx) => this.answer(trx, request, query));
    });
  }

  /**
   * Answers every question that is asked inside `work`, of whichever read model of the group, from one snapshot and at
   * one position. Waits for `minPosition` once, before; what is parked or refused is so for its own question only.
   */
  async inOneSnapshot<Result>(request: Omit<ReadRequest, 'space'>, work: () => Promise<Result>): Promise<Result> {
    const shared = await this.openShared(request);
    try {
      return await sharing(shared, work);
    } finally {
      close(shared);
    }
  }

  private async openShared(request: Omit<ReadRequest, 'space'>): Promise<SharedSnapshot> {
    const openings = new Set<Promise<SharedSnapshot | null>>();
    try {
      return await this.whenReached({ ...request, space: null }, async () => {
        const opening = this.open(request.minPosition);
        openings.add(opening);
        return opening;
      });
    } catch (error) {
      // What opens after nobody waits for it any more would keep its connection.
      for (const opening of openings) void opening.then(close, () => undefined);
      throw error;
    }
  }

  /** The first outcome that is new enough; null is one that is not. */
  private async whenReached<Outcome>(request: ReadRequest, attempt: () => Promise<Outcome | null>): Promise<Outcome> {
    const { clock, timers, watch } = this.options;
    const { space, minPosition, timeoutMs = WAIT_MILLISECONDS } = request;
    const deadline = clock.monotonic() + timeoutMs;
    for (;;) {
      const outcome = await fromDatabase(timers, attempt);
      if (outcome !== null || minPosition === undefined) return outcome ?? behind(minPosition);
      const left = deadline - clock.monotonic();
      if (left <= 0) return behind(minPosition);
      const wait = (): Promise<Waited> => watch.wait(space, minPosition, left);
      const waited = await fromDatabase(timers, wait, left + ANSWER_WITHIN_MS);
      if (waited === 'timeout') return behind(minPosition);
    }
  }

  /** null when the snapshot is older than it has to be. */
  private async answer<Data>(
    trx: Transaction<Schema>,
    { space, minPosition }: ReadRequest,
    query: Query<Schema, Data>,
    sharedPosition?: bigint,
  ): Promise<ReadAnswer<Data> | null> {
    const snapshot = await snapshotOf(trx, this.group.name, space);
    if (snapshot === null) return null;
    const { v, log, parked } = snapshot;
    if (parked !== null) {
      if (minPosition !== undefined && minPosition >= parked.position) throw parkedError(parked.since);
      const stale = { since: parked.since, reason: 'parked' as const };
      const before = parked.position - 1n;
      return { data: await query(trx, { position: before }), position: before, v, log, stale };
    }
    const position = sharedPosition ?? snapshot.position;
    if (minPosition !== undefined && position < minPosition) return null;
    return { data: await query(trx, { position }), position, v, log };
  }

  private async readShared<Data>(
    { trx, position, minPosition }: SharedSnapshot,
    request: ReadRequest,
    query: Query<Schema, Data>,
  ): Promise<ReadAnswer<Data>> {
    const wanted = newest(request.minPosition, minPosition);
    const asked = { space: request.space, ...(wanted !== undefined && { minPosition: wanted }) };
    const ownTables = trx as Transaction<unknown> as Transaction<Schema>;
    const answer = await fromDatabase(this.options.timers, async () => this.answer(ownTables, asked, query, position));
    return answer ?? behind(wanted);
  }

  private async open(minPosition: bigint | undefined): Promise<SharedSnapshot | null> {
    const db = this.options.db as Kysely<unknown>;
    const trx = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute();
    const group = this.group.name;
    try {
      const snapshot = await snapshotOf(trx, group, null);
      if (snapshot !== null && (minPosition === undefined || snapshot.position >= minPosition)) {
        return { group, trx, position: snapshot.position, minPosition };
      }
    } catch (error) {
      await trx.rollback().execute().catch(() => undefined);
      throw error;
    }
    await trx.rollback().execute();
    return null;
  }
}

/** Nothing was written, so nobody has to wait for its end: least of all on a database that stands still. */
function close(shared: SharedSnapshot | null): void {
  void shared?.trx.rollback().execute().catch(() => undefined);
}

function newest(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

function behind(minPosition: bigint | undefined): never {
  const asked = minPosition === undefined ? 'any position' : 'the position you named';
  throw new DaybookError('PROJECTION_BEHIND', `The read model has not reached ${asked} in time; ask again.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

function parkedError(since: string): DaybookError {
  return new DaybookError('PROJECTION_PARKED', 'The read model stands still until its operator has put it right.', { since });
}
