import type { EventStore, LogIdentity } from '@daybook/eventsourcing';
import type { Pool } from 'pg';
import type { Place } from '../audit.js';

/** How far a set of buckets is, and the event that proves that it is this far in this log. */
export interface Checkpoint extends Place {
  readonly position: bigint;
  /** The last domain event at or before the position; null before the first. */
  readonly last: { readonly id: string; readonly position: bigint } | null;
}

/** A bucket this process may write, by name of the epoch it took it over with. */
export interface OwnedBucket {
  readonly bucket: number;
  readonly epoch: bigint;
  readonly log: LogIdentity | null;
  readonly checkpoint: Checkpoint;
}

/** The log is not the one the rows were folded from: nothing is repaired, nothing is guessed. */
export class OtherLogError extends Error {
  override readonly name = 'OtherLogError';
}

interface BucketRow {
  readonly bucket: number;
  readonly owner_epoch: string;
  readonly log_id: string | null;
  readonly restores: number | null;
  readonly position: string;
  readonly seq: string;
  readonly recorded_at: string;
  readonly event_id: string | null;
  readonly event_position: string | null;
}

const BUCKETS = `
  select bucket, owner_epoch, log_id, restores, position, seq, event_id, event_position,
         to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as recorded_at
    from projection_buckets where group_name = $1`;

export async function ownedBuckets(pool: Pool, group: string, owner: string): Promise<OwnedBucket[]> {
  const { rows } = await pool.query<BucketRow>(`${BUCKETS} and owner = $2 order by bucket`, [group, owner]);
  return rows.map(ownedBucket);
}

/**
 * For the start of whoever appends or answers: are the rows of this log, and does it still have all that was folded? A
 * log that has lost its end would give positions away a second time, and what is acknowledged on it could never be kept.
 */
export async function assertFoldedFrom(log: LogIdentity, store: EventStore, pool: Pool, group: string): Promise<void> {
  const { rows } = await pool.query<BucketRow>(BUCKETS, [group]);
  const buckets = rows.map(ownedBucket);
  assertSameLog(log, buckets);
  const reached = new Map(buckets.map(({ checkpoint }) => [checkpoint.last?.id, checkpoint]));
  for (const checkpoint of reached.values()) await assertReached(store, checkpoint);
}

function ownedBucket(row: BucketRow): OwnedBucket {
  const { event_id: id, event_position: position, log_id: logId, restores } = row;
  return {
    bucket: row.bucket,
    epoch: BigInt(row.owner_epoch),
    log: logId === null || restores === null ? null : { logId, restores },
    checkpoint: {
      position: BigInt(row.position),
      seq: Number(row.seq),
      recordedAt: row.recorded_at,
      last: id === null || position === null ? null : { id, position: BigInt(position) },
    },
  };
}

/** Before every subscription: is this still the log these buckets were folded from, and as long as it was then? */
export function assertSameLog(log: LogIdentity, buckets: readonly OwnedBucket[]): void {
  for (const { log: known } of buckets) {
    if (known === null || (known.logId === log.logId && known.restores === log.restores)) continue;
    const what = known.logId === log.logId ? `restored ${log.restores - known.restores} times since` : 'another log';
    throw new OtherLogError(`the rows are of log ${known.logId}, this is ${log.logId}: ${what}; the read models must be rebuilt`);
  }
}

export async function assertReached(store: EventStore, { last }: Checkpoint): Promise<void> {
  if (last === null) return;
  const event = await store.eventAt(last.position);
  if (event?.id === last.id) return;
  const found = event === null ? 'nothing is there' : `event ${event.id} is there`;
  throw new OtherLogError(`the log went back: event ${last.id} was at ${last.position}, now ${found}`);
}
