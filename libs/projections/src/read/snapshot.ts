import type { LogIdentity } from '@daybook/eventsourcing';
import { sql } from 'kysely';
import type { Space } from '../projection.js';
import { bucketOf, spaceKey } from '../space.js';
import type { ReadTransaction } from './documents.js';

/** How far a snapshot of the database is, for a question about one space or, with null, about all of them. */
export interface Snapshot {
  readonly position: bigint;
  /** null for a question over all spaces. */
  readonly v: number | null;
  readonly log: LogIdentity | null;
  readonly parked: { readonly position: bigint; readonly since: string } | null;
}

interface SnapshotRow {
  readonly position: string | bigint | null;
  readonly log_id: string | null;
  readonly restores: number | null;
  readonly v: string | bigint | null;
  readonly parked_position: string | bigint | null;
  readonly parked_since: string | null;
}

/** null before the projector has made its checkpoints. */
export async function snapshotOf(trx: ReadTransaction, group: string, space: Space | null): Promise<Snapshot | null> {
  const { rows } = await (space === null ? everywhere(group) : inSpace(group, space)).execute(trx);
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

function inSpace(group: string, space: Space) {
  const key = spaceKey(space);
  return sql<SnapshotRow>`
    select b.position, b.log_id, b.restores, h.v, p.position as parked_position,
           to_char(p.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as parked_since
      from projection_buckets b
      left join changefeed_heads h on h.space = ${key} and h.group_name = b.group_name
      left join projection_parked p on p.space = ${key} and p.group_name = b.group_name
     where b.group_name = ${group} and b.bucket = ${bucketOf(key)}`;
}

function everywhere(group: string) {
  return sql<SnapshotRow>`
    select min(position) as position, min(log_id) as log_id, min(restores) as restores,
           null as v, null as parked_position, null as parked_since
      from projection_buckets where group_name = ${group}`;
}
