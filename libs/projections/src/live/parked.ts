import type { Pool } from 'pg';
import { understand, type AuditRow } from '../audit.js';
import type { Parked } from '../batch.js';
import { AUDIT_ROW_COLUMNS, auditRowOf, type StoredAuditRow } from '../postgres/audit-rows.js';
import type { Space } from '../projection.js';
import { bucketOf, spaceKey, type SpaceKey } from '../space.js';
import { isRefusedData } from './connection.js';
import type { Lane } from './lane.js';
import type { LaneContext } from './lane-context.js';

const EVENTS_PER_CHUNK = 500;

export interface RetryOutcome {
  readonly folded: number;
  /** Where the space waits now; null when it is back among the others. */
  readonly parked: Parked | null;
}

/** Asks whoever owns the space's bucket to try again; false when the space is not parked. */
export async function requestRetry(pool: Pool, group: string, space: Space): Promise<boolean> {
  const { rowCount } = await pool.query(
    'update projection_parked set retry_wanted = true where space = $1 and group_name = $2',
    [spaceKey(space), group],
  );
  return rowCount !== null && rowCount > 0;
}

export async function wantedRetries(pool: Pool, group: string, buckets: readonly number[]): Promise<SpaceKey[]> {
  const { rows } = await pool.query<{ space: string }>(
    'select space from projection_parked where group_name = $1 and bucket = any($2) and retry_wanted',
    [group, buckets],
  );
  return rows.map(({ space }) => space);
}

/**
 * Folds what a parked space has missed, from audit_log and with the live folds, in steps between the lane's own
 * transactions: other spaces go on meanwhile. The last step finds nothing further and the space moves along again.
 */
export async function retryParked(lane: Lane, context: LaneContext, space: SpaceKey): Promise<RetryOutcome> {
  let folded = 0;
  let size = EVENTS_PER_CHUNK;
  for (;;) {
    const step = await lane.exclusive(async () => retryStep(lane, context, space, size));
    folded += step.folded;
    if (step.done) return { folded, parked: context.working.parked(space) ?? null };
    size = step.nextSize;
  }
}

interface Step {
  readonly done: boolean;
  readonly folded: number;
  readonly nextSize: number;
}

async function retryStep(lane: Lane, context: LaneContext, space: SpaceKey, size: number): Promise<Step> {
  const parked = context.working.parked(space);
  if (parked === undefined || !lane.owns(bucketOf(space))) return { done: true, folded: 0, nextSize: size };
  const rows = await missedEvents(lane, context, parked, size + 1);
  const chunk = rows.slice(0, size).map((row) => understand(context.group, row));
  const batch = await lane.batchFor(chunk);
  const attemptsAt = ({ position }: AuditRow) => (position === parked.position ? parked.attempts + 1 : 1);
  const failed = chunk.findIndex((understood) => !batch.retry(understood, attemptsAt(understood.row)));
  const next = rows[size];
  if (failed < 0 && next !== undefined) batch.park(next, parked.projection, parked.reason, parked.attempts);
  try {
    await lane.commitRetry(batch, batch.parked.size > 0 ? [] : [space]);
  } catch (error) {
    const [first] = rows;
    if (!isRefusedData(error) || first === undefined || !context.writer.mayRefuse(error.table)) throw error;
    if (size > 1) return { done: false, folded: 0, nextSize: 1 };
    const refused = await lane.batchFor([]);
    refused.park(first, error.table ?? 'database', error.message, attemptsAt(first));
    await lane.commitRetry(refused, []);
    return { done: true, folded: 0, nextSize: size };
  }
  return { done: failed >= 0 || next === undefined, folded: failed < 0 ? chunk.length : failed, nextSize: size };
}

async function missedEvents(lane: Lane, { group }: LaneContext, parked: Parked, limit: number): Promise<AuditRow[]> {
  const { rows } = await lane.session.query({
    text: `select ${AUDIT_ROW_COLUMNS} from audit_log
            where space = $1 and group_name = $2 and position >= $3 order by position limit $4`,
    values: [parked.space, group.name, parked.position, limit],
  });
  return (rows as StoredAuditRow[]).map(auditRowOf);
}
