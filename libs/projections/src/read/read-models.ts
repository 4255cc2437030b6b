import type { LogIdentity } from '@daybook/eventsourcing';
import { DaybookError, type Clock, type Timers } from '@daybook/kernel';
import { sql, type Kysely, type Transaction } from 'kysely';
import type { ProjectionGroup, Space } from '../projection.js';
import { bucketOf, spaceKey } from '../space.js';
import { ANSWER_WITHIN_MS, fromDatabase } from './database-answers.js';
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

interface Snapshot {
  readonly position: bigint;
  readonly v: number | null;
  readonly log: LogIdentity | null;
  readonly parked: { readonly position: bigint; readonly since: string } | null;
}

/** Answers questions: rows and the position they are at come from one snapshot of the database. */
export class ReadModels<Schema> {
  constructor(private readonly options: ReadModelsOptions<Schema>) {}

  /** For histories: what a stored event means, and which folds there are. */
  get group(): ProjectionGroup {
    return this.options.group;
  }

  /** `at` is the position of the answer: nothing beyond it may be looked at. */
  async read<Data>(request: ReadRequest, query: Query<Schema, Data>): Promise<ReadAnswer<Data>> {
    const { clock, timers, watch } = this.options;
    const { space, minPosition, timeoutMs = WAIT_MILLISECONDS } = request;
    const deadline = clock.monotonic() + timeoutMs;
    for (;;) {
      const answer = await fromDatabase(timers, () => this.attempt(space, minPosition, query));
      if (answer !== null || minPosition === undefined) return answer ?? this.behind(minPosition);
      const left = deadline - clock.monotonic();
      if (left <= 0) return this.behind(minPosition);
      const wait = (): Promise<Waited> => watch.wait(space, minPosition, left);
      const waited = await fromDatabase(timers, wait, left + ANSWER_WITHIN_MS);
      if (waited === 'timeout') return this.behind(minPosition);
    }
  }

  /** null when the snapshot is older than it has to be. */
  private async attempt<Data>(
    space: Space | null,
    minPosition: bigint | undefined,
    query: Query<Schema, Data>,
  ): Promise<ReadAnswer<Data> | null> {
    const transaction = this.options.db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
    return transaction.execute(async (trx) => {
      const snapshot = await this.snapshot(trx, space);
      if (snapshot === null) return null;
      const { position, v, log, parked } = snapshot;
      if (parked !== null) {
        if (minPosition !== undefined && minPosition >= parked.position) throw parkedError(parked.since);
        const stale = { since: parked.since, reason: 'parked' as const };
        const before = parked.position - 1n;
        return { data: await query(trx, { position: before }), position: before, v, log, stale };
      }
      if (minPosition !== undefined && position < minPosition) return null;
      return { data: await query(trx, { position }), position, v, log };
    });
  }

  /** null before the projector has made its checkpoints. */
  private async snapshot(trx: Transaction<Schema>, space: Space | null): Promise<Snapshot | null> {
    const { rows } = await (space === null ? this.everywhere() : this.inSpace(space)).execute(trx);
    const [row] = rows;
    if (row === undefined || row.position === null) return null;
    const { log_id: logId, restores, v, parked_position: parkedPosition, parked_since: since } = row;
    return {
      position: BigInt(row.position),
      v: space === null ? null : Number(v ?? 0),
      log: logId === null || restores === null ? null : { logId, restores },
      parked: parkedPosition === null || since === null ? null : { position: BigInt(parkedPosition), since },
    };
  }

  private inSpace(space: Space) {
    const key = spaceKey(space);
    return sql<SnapshotRow>`
      select b.position, b.log_id, b.restores, h.v, p.position as parked_position,
             to_char(p.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as parked_since
        from projection_buckets b
        left join changefeed_heads h on h.space = ${key} and h.group_name = b.group_name
        left join projection_parked p on p.space = ${key} and p.group_name = b.group_name
       where b.group_name = ${this.group.name} and b.bucket = ${bucketOf(key)}`;
  }

  private everywhere() {
    return sql<SnapshotRow>`
      select min(position) as position, min(log_id) as log_id, min(restores) as restores,
             null as v, null as parked_position, null as parked_since
        from projection_buckets where group_name = ${this.group.name}`;
  }

  private behind(minPosition: bigint | undefined): never {
    const asked = minPosition === undefined ? 'any position' : 'the position you named';
    throw new DaybookError('PROJECTION_BEHIND', `The read model has not reached ${asked} in time; ask again.`, {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}

interface SnapshotRow {
  readonly position: string | bigint | null;
  readonly log_id: string | null;
  readonly restores: number | null;
  readonly v: string | bigint | null;
  readonly parked_position: string | bigint | null;
  readonly parked_since: string | null;
}

function parkedError(since: string): DaybookError {
  return new DaybookError('PROJECTION_PARKED', 'The read model stands still until its operator has put it right.', { since });
}
