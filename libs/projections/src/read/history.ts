import { formatInstant } from '@daybook/kernel';
import { sql } from 'kysely';
import { understand } from '../audit.js';
import { FoldError } from '../fold.js';
import { AUDIT_ROW_COLUMNS, auditRowOf, type StoredAuditRow } from '../postgres/audit-rows.js';
import type { ProjectedEvent, ProjectionGroup, Space } from '../projection.js';
import { spaceKey } from '../space.js';
import type { ReadTransaction } from './documents.js';

/** When something was known: at a place of the log, or at a time. */
export type AsAt = { readonly position: bigint } | { readonly instantMs: number };

/** Before the first event of any log. */
export const BEFORE_THE_LOG = -1n;

/**
 * A space's events in the order of the log, as the live folds see them. For a parked space `upTo` is the position its
 * reader was given: what it stands at cannot be folded.
 */
export async function historyOf(
  trx: ReadTransaction,
  group: ProjectionGroup,
  space: Space,
  { upTo }: { readonly upTo?: bigint } = {},
): Promise<readonly ProjectedEvent[]> {
  const bound = upTo === undefined ? sql`` : sql`and position <= ${upTo}`;
  const { rows } = await sql<StoredAuditRow>`
    select ${sql.raw(AUDIT_ROW_COLUMNS)} from audit_log
     where space = ${spaceKey(space)} and group_name = ${group.name} ${bound} order by position`.execute(trx);
  return rows.map((row) => {
    const { event } = understand(group, auditRowOf(row));
    if (event instanceof FoldError) throw event;
    return event;
  });
}

/**
 * The position that stands for it: of an instant the last one recorded by then, over all spaces, so that every answer
 * about that instant names the same. Never beyond `bound`, the position of the read it is asked in.
 */
export async function positionAsAt(
  trx: ReadTransaction,
  group: ProjectionGroup,
  asAt: AsAt,
  bound: bigint,
): Promise<bigint> {
  if ('position' in asAt) return asAt.position < bound ? asAt.position : bound;
  const { rows } = await sql<{ position: string | bigint }>`
    select position from audit_log
     where group_name = ${group.name} and recorded_at <= ${formatInstant(asAt.instantMs)}::timestamptz and position <= ${bound}
     order by recorded_at desc, position desc limit 1`.execute(trx);
  const [row] = rows;
  return row === undefined ? BEFORE_THE_LOG : BigInt(row.position);
}
