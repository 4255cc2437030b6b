import type { LogIdentity } from '@daybook/eventsourcing';
import type { QueryConfig } from 'pg';
import type { GroupBatch } from '../batch.js';
import { physicalTable } from '../names.js';
import { readModelTable } from '../postgres/group-tables.js';
import {
  AUDIT_COLUMNS,
  DOCUMENTS_TABLE,
  feedStatement,
  HEADS_TABLE,
  PARKED_TABLE,
} from '../postgres/engine-tables.js';
import { insertStatement, TableWriter, type WrittenRow } from '../postgres/table-writer.js';
import type { ProjectionGroup } from '../projection.js';
import { bucketOf } from '../space.js';
import type { Checkpoint, OwnedBucket } from './checkpoint.js';

/** Who commits, from where to where. */
export interface Advance {
  readonly owner: string;
  readonly buckets: readonly OwnedBucket[];
  readonly log: LogIdentity;
  readonly from: bigint;
  readonly to: Checkpoint;
  readonly leaseMs: number;
}

/** Turns a folded batch into its statements: the fence first, then one statement a table that has something to say. */
export class GroupWriter {
  private readonly documents = new TableWriter(DOCUMENTS_TABLE);
  private readonly heads = new TableWriter(HEADS_TABLE);
  private readonly parked = new TableWriter(PARKED_TABLE);
  private readonly readModels: ReadonlyMap<string, TableWriter>;

  constructor(private readonly group: ProjectionGroup) {
    this.readModels = new Map(
      group.projections.map((projection) => [physicalTable(projection), new TableWriter(readModelTable(projection))]),
    );
  }

  /** Whether what a table refuses can be the fold's doing; the engine's own tables only refuse the engine. */
  mayRefuse(table: string | undefined): boolean {
    return table === undefined || this.readModels.has(table);
  }

  /** `unparked` names the spaces whose missed events are all in this batch. */
  statements(advance: Advance, batch: GroupBatch, unparked: readonly string[] = []): QueryConfig[] {
    return [
      this.advance(advance),
      ...this.audit(batch),
      ...this.changedDocuments(batch),
      ...this.changedRows(batch),
      ...this.feed(batch),
      ...this.parkedSpaces(batch, unparked),
    ];
  }

  private advance({ owner, buckets, log, from, to, leaseMs }: Advance): QueryConfig {
    return {
      name: 'advance',
      text: 'select projection_advance($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
      values: [
        this.group.name,
        owner,
        buckets.map(({ bucket }) => bucket),
        buckets.map(({ epoch }) => epoch),
        from,
        log.logId,
        log.restores,
        to.position,
        to.seq,
        to.recordedAt,
        to.last?.id ?? null,
        to.last?.position ?? null,
        leaseMs,
      ],
    };
  }

  private audit({ audit }: GroupBatch): QueryConfig[] {
    if (audit.length === 0) return [];
    const rows = audit.map((row): WrittenRow => [
      row.space,
      this.group.name,
      row.position,
      row.seq,
      row.stream,
      row.revision,
      row.eventId,
      row.type,
      row.actor,
      row.recordedAt,
      row.data,
      row.metadata,
    ]);
    return [insertStatement('audit_log', AUDIT_COLUMNS, rows)];
  }

  private changedDocuments({ documents }: GroupBatch): QueryConfig[] {
    if (documents.size === 0) return [];
    const puts: WrittenRow[] = [];
    const deletes: WrittenRow[] = [];
    for (const { name, space, key, text, position } of documents.values()) {
      if (text === null) deletes.push([space, this.group.name, name, key]);
      else puts.push([space, this.group.name, name, key, text, position]);
    }
    return [this.documents.statement(puts, deletes)];
  }

  private changedRows({ rows: changed }: GroupBatch): QueryConfig[] {
    const statements: QueryConfig[] = [];
    for (const [projection, rows] of changed) {
      const writer = this.readModels.get(physicalTable(projection));
      if (writer === undefined) throw new TypeError(`${projection.name} is not in ${this.group.name}`);
      const { key: keyColumns, columns } = projection.table;
      const rest = Object.keys(columns).filter((column) => !keyColumns.includes(column));
      const puts: WrittenRow[] = [];
      const deletes: WrittenRow[] = [];
      for (const { space, key, row, position } of rows.values()) {
        const named = [space, ...keyColumns.map((column) => key[column])];
        if (row === null) deletes.push(named);
        else puts.push([...named, ...rest.map((column) => row[column]), position]);
      }
      if (rows.size > 0) statements.push(writer.statement(puts, deletes));
    }
    return statements;
  }

  private feed({ feed, heads }: GroupBatch): QueryConfig[] {
    if (feed.length === 0) return [];
    const rows = feed.map((row): WrittenRow => [
      row.space,
      this.group.name,
      row.v,
      bucketOf(row.space),
      row.position,
      row.commandId,
      row.ops,
      row.recordedAt,
    ]);
    const ends = [...heads].map(([space, { v, position }]): WrittenRow => [space, this.group.name, v, position]);
    return [feedStatement(rows), this.heads.statement(ends, [])];
  }

  private parkedSpaces({ parked }: GroupBatch, unparked: readonly string[]): QueryConfig[] {
    if (parked.size === 0 && unparked.length === 0) return [];
    const puts = [...parked.values()].map((park): WrittenRow => [
      park.space,
      this.group.name,
      bucketOf(park.space),
      park.position,
      park.eventId,
      park.projection,
      park.reason,
      park.since,
      park.attempts,
      false,
    ]);
    const deletes = unparked.filter((space) => !parked.has(space)).map((space): WrittenRow => [space, this.group.name]);
    return [this.parked.statement(puts, deletes)];
  }
}
