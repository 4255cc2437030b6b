import type { JsonObject, RecordedEvent } from '@daybook/eventsourcing';
import { FoldError } from './fold.js';
import { freezeJson } from './json.js';
import type { ProjectedEvent, ProjectionGroup } from './projection.js';
import { parseSpaceKey, type SpaceKey } from './space.js';

/**
 * Where an event stands among all domain events of its group: a dense number, and the recorded time made monotone in
 * the order of the log. Both follow from the log alone, whoever counts and wherever the count was taken up again.
 */
export interface Place {
  readonly seq: number;
  readonly recordedAt: string;
}

export const BEFORE_ALL: Place = { seq: 0, recordedAt: '1970-01-01T00:00:00.000Z' };

/** A stored event on its way in: what audit_log keeps is its text, taken before any fold can see the value. */
export interface IncomingEvent {
  readonly event: RecordedEvent;
  readonly space: SpaceKey;
  readonly bucket: number;
  readonly data: string;
  readonly metadata: string;
}

/** One row of audit_log, from which the event can be folded again without asking the log. */
export interface AuditRow extends Place {
  readonly space: SpaceKey;
  readonly position: bigint;
  readonly stream: string;
  readonly revision: bigint;
  readonly eventId: string;
  readonly type: string;
  readonly actor: string;
  readonly data: string;
  readonly metadata: string;
}

export function nextPlace(before: Place, { metadata }: RecordedEvent): Place {
  const stated = typeof metadata['recordedAt'] === 'string' ? Date.parse(metadata['recordedAt']) : Number.NaN;
  const latest = Number.isNaN(stated) ? before.recordedAt : new Date(stated).toISOString();
  return { seq: before.seq + 1, recordedAt: latest > before.recordedAt ? latest : before.recordedAt };
}

export function auditRow({ event, space, data, metadata }: IncomingEvent, { seq, recordedAt }: Place): AuditRow {
  return {
    space,
    position: event.position,
    seq,
    stream: event.stream,
    revision: event.revision,
    eventId: event.id,
    type: event.type,
    actor: actorOf(event.metadata),
    recordedAt,
    data,
    metadata,
  };
}

/** An event as folds see it, or why nobody can read it. */
export interface Understood {
  readonly row: AuditRow;
  readonly event: ProjectedEvent | FoldError;
}

export function understand(group: ProjectionGroup, row: AuditRow): Understood {
  return understandStored(group, row, JSON.parse(row.data) as JsonObject, JSON.parse(row.metadata) as JsonObject);
}

/** Brings the event to its current version and fills in its place; what it carries cannot be changed by a fold. */
export function understandStored(group: ProjectionGroup, row: AuditRow, stored: JsonObject, metadata: JsonObject): Understood {
  try {
    const { type, data } = group.upcast({ type: row.type, data: stored });
    freezeJson(data, 'data');
    freezeJson(metadata, 'metadata');
    const event: ProjectedEvent = {
      type,
      data,
      id: row.eventId,
      stream: row.stream,
      revision: Number(row.revision),
      position: row.position.toString(16).padStart(16, '0'),
      seq: row.seq,
      space: parseSpaceKey(row.space),
      actor: row.actor,
      commandId: textOf(metadata['commandId']),
      recordedAt: row.recordedAt,
      on: textOf(metadata['on']),
      metadata,
    };
    return { row, event };
  } catch (cause) {
    return { row, event: new FoldError(group.name, cause instanceof Error ? cause.message : String(cause), { cause }) };
  }
}

function actorOf(metadata: JsonObject): string {
  const actor = metadata['actor'];
  return textOf(typeof actor === 'object' && actor !== null && !Array.isArray(actor) ? actor['userId'] : undefined);
}

/** Text that Postgres takes, whatever it was: audit_log cannot park. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : '';
}
