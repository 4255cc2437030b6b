import type { AuditRow } from '../audit.js';

/** audit_log as it is read back, whoever asks. */
export const AUDIT_ROW_COLUMNS = `space, position, seq, stream, revision, event_id, type, actor, data, metadata,
  to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as recorded_at`;

/** Whole numbers come as text or as bigints: that is up to the connection. */
export interface StoredAuditRow {
  readonly space: string;
  readonly position: string | bigint;
  readonly seq: string | bigint;
  readonly stream: string;
  readonly revision: string | bigint;
  readonly event_id: string;
  readonly type: string;
  readonly actor: string;
  readonly data: string;
  readonly metadata: string;
  readonly recorded_at: string;
}

export function auditRowOf({ event_id: eventId, recorded_at: recordedAt, ...row }: StoredAuditRow): AuditRow {
  return {
    ...row,
    eventId,
    recordedAt,
    position: BigInt(row.position),
    revision: BigInt(row.revision),
    seq: Number(row.seq),
  };
}
