import type { JsonValue } from '@daybook/eventsourcing';
import type { Understood } from '../audit.js';
import { NO_FEED, type CommittedState, type GroupBatch, type Head, type Parked } from '../batch.js';
import { FoldError } from '../fold.js';
import { freezeJson } from '../json.js';
import { documentId, documentName, keysOf } from '../names.js';
import type { ProjectedEvent, Projection, ProjectionGroup } from '../projection.js';
import { bucketOf, type SpaceKey } from '../space.js';
import type { Connection } from './connection.js';
import { LruCache } from './lru-cache.js';

const HEAD_BYTES = 200;
const ABSENT_BYTES = 100;

interface WantedDocument {
  readonly id: string;
  readonly name: string;
  readonly space: SpaceKey;
  readonly key: string;
}

interface DocumentRow {
  readonly space: string;
  readonly projection: string;
  readonly key: string;
  readonly document: string;
}

/** What one batch builds on; it stays although the cache lets go of it, or another lane fills the cache. */
export class LoadedState implements CommittedState {
  readonly documents = new Map<string, JsonValue | null>();
  readonly heads = new Map<SpaceKey, Head>();

  /** None when everything was at hand. */
  roundTrips = 0;

  constructor(private readonly parkedSpaces: ReadonlyMap<SpaceKey, Parked>) {}

  document(id: string): JsonValue | null {
    const document = this.documents.get(id);
    if (document === undefined) throw new TypeError('a fold asked for a document that its key did not name before');
    return document;
  }

  head(space: SpaceKey): Head {
    const head = this.heads.get(space);
    if (head === undefined) throw new TypeError(`${space} was folded without being loaded`);
    return head;
  }

  parked(space: SpaceKey): Parked | undefined {
    return this.parkedSpaces.get(space);
  }
}

/** The committed documents, heads and parked spaces a process has at hand. Never knows anything a commit has not said. */
export class WorkingSet {
  private readonly documents: LruCache<JsonValue | null>;
  private readonly heads: LruCache<Head>;
  readonly parkedSpaces = new Map<SpaceKey, Parked>();
  documentsRead = 0;

  constructor(
    private readonly group: ProjectionGroup,
    bytesMax: number,
  ) {
    this.documents = new LruCache(bytesMax);
    this.heads = new LruCache(Math.ceil(bytesMax / 8));
  }

  get bytesHeld(): number {
    return this.documents.bytesHeld + this.heads.bytesHeld;
  }

  parked(space: SpaceKey): Parked | undefined {
    return this.parkedSpaces.get(space);
  }

  parkedBuckets(): ReadonlySet<number> {
    return new Set([...this.parkedSpaces.keys()].map(bucketOf));
  }

  /** What these events need: from the cache, and the rest in one round trip. */
  async load(connection: Connection, events: readonly Understood[]): Promise<LoadedState> {
    const loaded = new LoadedState(this.parkedSpaces);
    const spaces = [...new Set(events.map(({ row }) => row.space))].filter((space) => !pin(space, this.heads, loaded.heads));
    const wanted = this.needed(events).filter(({ id }) => !pin(id, this.documents, loaded.documents));
    const reads: Promise<void>[] = [];
    if (spaces.length > 0) reads.push(this.loadHeads(connection, spaces, loaded));
    if (wanted.length > 0) reads.push(this.loadDocuments(connection, wanted, loaded));
    loaded.roundTrips = reads.length > 0 ? 1 : 0;
    for (const outcome of await Promise.allSettled(reads)) if (outcome.status === 'rejected') throw outcome.reason;
    this.documents.shrink();
    this.heads.shrink();
    return loaded;
  }

  /** After a commit. */
  keep(batch: GroupBatch, unparked: readonly SpaceKey[]): void {
    for (const [id, { document, text }] of batch.documents) this.documents.set(id, document, sizeOf(id, text));
    for (const [space, head] of batch.heads) this.heads.set(space, head, HEAD_BYTES);
    for (const space of unparked) this.parkedSpaces.delete(space);
    for (const [space, parked] of batch.parked) this.parkedSpaces.set(space, parked);
  }

  /** After a commit that failed, or that nobody knows the outcome of. */
  forget(batch: GroupBatch): void {
    for (const id of batch.documents.keys()) this.documents.delete(id);
    for (const space of batch.heads.keys()) this.heads.delete(space);
  }

  /** Somebody else writes them from now on. */
  forgetBuckets(buckets: ReadonlySet<number>): void {
    this.documents.deleteWhere((id) => buckets.has(bucketOf(id.split('\0')[1] ?? '')));
    this.heads.deleteWhere((space) => buckets.has(bucketOf(space)));
    for (const space of [...this.parkedSpaces.keys()]) if (buckets.has(bucketOf(space))) this.parkedSpaces.delete(space);
  }

  clear(): void {
    this.documents.clear();
    this.heads.clear();
    this.parkedSpaces.clear();
  }

  async loadParked(connection: Connection, buckets: ReadonlySet<number>): Promise<void> {
    const { rows } = await connection.query({
      text: `select space, position, event_id, projection, reason, attempts,
                    to_char(since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since
               from projection_parked where group_name = $1 and bucket = any($2)`,
      values: [this.group.name, [...buckets]],
    });
    for (const row of rows as ParkedRow[]) {
      const { space, projection, reason, since, attempts } = row;
      const position = BigInt(row.position);
      this.parkedSpaces.set(space, { space, position, eventId: row.event_id, projection, reason, since, attempts });
    }
  }

  private needed(events: readonly Understood[]): readonly WantedDocument[] {
    const wanted = new Map<string, WantedDocument>();
    for (const { row, event } of events) {
      if (event instanceof FoldError) continue;
      for (const projection of this.group.projections) {
        if (!projection.handles.includes(event.type)) continue;
        const name = documentName(projection);
        for (const key of keysToLoad(projection, event)) {
          const id = documentId(name, row.space, key);
          wanted.set(id, { id, name, space: row.space, key });
        }
      }
    }
    return [...wanted.values()];
  }

  private async loadDocuments(connection: Connection, wanted: readonly WantedDocument[], loaded: LoadedState): Promise<void> {
    const { rows } = await connection.query({
      name: 'load documents',
      // Lateral, so that the plan stays a look-up by key however small the table was when it was planned.
      text: `select d.space, d.projection, d.key, d.document
               from unnest($2::text[], $3::text[], $4::text[]) as w (space, projection, key)
               cross join lateral (select * from projection_documents p where p.space = w.space and p.group_name = $1
                 and p.projection = w.projection and p.key = w.key limit 1) d`,
      values: [
        this.group.name,
        wanted.map(({ space }) => space),
        wanted.map(({ name }) => name),
        wanted.map(({ key }) => key),
      ],
    });
    this.documentsRead += wanted.length;
    const found = new Map((rows as DocumentRow[]).map((row) => [documentId(row.projection, row.space, row.key), row.document]));
    for (const { id } of wanted) {
      const text = found.get(id) ?? null;
      const document: unknown = text === null ? null : JSON.parse(text);
      freezeJson(document, 'document');
      this.documents.set(id, document, sizeOf(id, text));
      loaded.documents.set(id, document);
    }
  }

  private async loadHeads(connection: Connection, spaces: readonly SpaceKey[], loaded: LoadedState): Promise<void> {
    const { rows } = await connection.query({
      name: 'load heads',
      text: `select h.space, h.v, h.position from unnest($2::text[]) as w (space)
              cross join lateral (select * from changefeed_heads c where c.space = w.space and c.group_name = $1 limit 1) h`,
      values: [this.group.name, spaces],
    });
    const found = new Map((rows as HeadRow[]).map(({ space, v, position }) => [space, { v: Number(v), position: BigInt(position) }]));
    for (const space of spaces) {
      const head = found.get(space) ?? NO_FEED;
      this.heads.set(space, head, HEAD_BYTES);
      loaded.heads.set(space, head);
    }
  }
}

interface HeadRow {
  readonly space: string;
  readonly v: string;
  readonly position: string;
}

interface ParkedRow {
  readonly space: string;
  readonly position: string;
  readonly event_id: string;
  readonly projection: string;
  readonly reason: string;
  readonly since: string;
  readonly attempts: number;
}

/** Held for this batch from now on: while it reads what is missing, another lane may push it out of the cache. */
function pin<Value>(key: string, cache: LruCache<Value>, into: Map<string, Value>): boolean {
  const value = cache.get(key);
  if (value === undefined) return false;
  into.set(key, value);
  return true;
}

/** A key that throws parks its space when the event is folded; here it only means that nothing can be loaded. */
function keysToLoad(projection: Projection, event: ProjectedEvent): readonly string[] {
  try {
    return keysOf(projection, event) ?? [];
  } catch {
    return [];
  }
}

function sizeOf(id: string, text: string | null): number {
  return id.length + ABSENT_BYTES + 2 * (text?.length ?? 0);
}

