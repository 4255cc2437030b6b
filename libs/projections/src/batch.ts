import type { JsonValue } from '@daybook/eventsourcing';
import type { AuditRow, Understood } from './audit.js';
import { FoldError, foldEvent, type EventEffect } from './fold.js';
import { documentId, documentName } from './names.js';
import type { Projection, ProjectionGroup, Row } from './projection.js';
import { bucketOf, type SpaceKey } from './space.js';

/** Where the feed of a space ends. */
export interface Head {
  readonly v: number;
  readonly position: bigint;
}

export const NO_FEED: Head = { v: 0, position: -1n };

/** A space that waits at an event, for the whole group, until somebody has put right what threw. */
export interface Parked {
  readonly space: SpaceKey;
  readonly position: bigint;
  readonly eventId: string;
  readonly projection: string;
  readonly reason: string;
  /** Recorded time of that event: answers are as of just before it. */
  readonly since: string;
  readonly attempts: number;
}

export interface FeedRow {
  readonly space: SpaceKey;
  readonly v: number;
  readonly position: bigint;
  readonly commandId: string;
  readonly ops: string | null;
  readonly recordedAt: string;
}

export interface StoredDocument {
  readonly name: string;
  readonly space: SpaceKey;
  readonly key: string;
  readonly document: JsonValue | null;
  readonly text: string | null;
  readonly position: bigint;
}

export interface StoredRow {
  readonly space: SpaceKey;
  readonly key: Row;
  readonly row: Row | null;
  readonly position: bigint;
}

/** What is committed: everything a batch builds on. Documents and heads it is asked for have been loaded. */
export interface CommittedState {
  document(id: string): JsonValue | null;
  head(space: SpaceKey): Head;
  parked(space: SpaceKey): Parked | undefined;
}

export const NOTHING_COMMITTED: CommittedState = { document: () => null, head: () => NO_FEED, parked: () => undefined };

const REASON_LENGTH_MAX = 500;

/**
 * Folds events, in the order of the log, onto a committed state it never changes. What it gathers is what one
 * transaction writes, folded per document and per row; and it is the same however the events are cut into batches.
 * The live engine, an un-park and a fold in memory are all this class.
 */
export class GroupBatch {
  readonly audit: AuditRow[] = [];
  readonly feed: FeedRow[] = [];
  readonly documents = new Map<string, StoredDocument>();
  readonly rows = new Map<Projection, Map<string, StoredRow>>();
  readonly heads = new Map<SpaceKey, Head>();
  readonly parked = new Map<SpaceKey, Parked>();

  constructor(
    private readonly group: ProjectionGroup,
    private readonly state: CommittedState,
  ) {}

  /** A new event: audited whatever happens to it after. */
  add(understood: Understood): void {
    const { row } = understood;
    this.audit.push(row);
    if (!this.isParked(row.space)) this.fold(understood, 1);
  }

  /** An event that audit_log has and the projections missed while its space was parked. False: it throws still. */
  retry(understood: Understood, attempts: number): boolean {
    return this.fold(understood, attempts);
  }

  /** Leaves an event to its space's next retry because the database will not take what it leads to. */
  park(row: AuditRow, projection: string, reason: string, attempts = 1): void {
    const { space, position, eventId, recordedAt: since } = row;
    const said = reason.slice(0, REASON_LENGTH_MAX).replaceAll('\0', '');
    this.parked.set(space, { space, position, eventId, projection, reason: said, since, attempts });
  }

  private isParked(space: SpaceKey): boolean {
    return this.parked.has(space) || this.state.parked(space) !== undefined;
  }

  private fold({ row, event }: Understood, attempts: number): boolean {
    try {
      if (event instanceof FoldError) throw event;
      const effect = foldEvent(this.group, event, (projection, key) => this.document(projection, row.space, key));
      this.keep(row, effect, event.commandId);
      return true;
    } catch (error) {
      if (!(error instanceof FoldError)) throw error;
      this.park(row, error.projection, error.reason, attempts);
      return false;
    }
  }

  private document(projection: Projection, space: SpaceKey, key: string): JsonValue | null {
    const id = documentId(documentName(projection), space, key);
    const touched = this.documents.get(id);
    return touched === undefined ? this.state.document(id) : touched.document;
  }

  /** One feed row an event, also when no row changed: its command's overlay must be released. */
  private keep({ space, position, recordedAt }: AuditRow, effect: EventEffect, commandId: string): void {
    for (const { projection, key, document, text } of effect.documents) {
      const name = documentName(projection);
      this.documents.set(documentId(name, space, key), { name, space, key, document, text, position });
    }
    for (const { projection, key, keyText, row } of effect.rows) {
      this.rowsOf(projection).set(`${space}\0${keyText}`, { space, key, row, position });
    }
    const head = this.heads.get(space) ?? this.state.head(space);
    const v = head.v + 1;
    this.heads.set(space, { v, position });
    this.feed.push({ space, v, position, commandId, ops: effect.ops, recordedAt });
  }

  private rowsOf(projection: Projection): Map<string, StoredRow> {
    const known = this.rows.get(projection);
    if (known !== undefined) return known;
    const fresh = new Map<string, StoredRow>();
    this.rows.set(projection, fresh);
    return fresh;
  }
}

/** Buckets the batch wrote something a reader can see into. */
export function touchedBuckets(batch: GroupBatch): Set<number> {
  return new Set([...batch.heads.keys(), ...batch.parked.keys()].map(bucketOf));
}
