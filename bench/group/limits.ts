import type { EventStore, RecordedEvent } from '@daybook/eventsourcing';
import { foldInMemory, GroupBatch, NO_FEED, prepareGroup, type CommittedState, type Connect, type ProjectionGroup } from '@daybook/projections';
import type { Pool, QueryConfig } from 'pg';
import { auditRow, BEFORE_ALL, nextPlace, understandStored, type Place } from '../../libs/projections/src/audit.js';
import { incomingEvents } from '../../libs/projections/src/fold-in-memory.js';
import { transact } from '../../libs/projections/src/live/connection.js';
import { GroupWriter } from '../../libs/projections/src/live/group-writer.js';
import { ownCpuMicros } from '../harness/cpu.js';

/** What cannot be beaten in this run: reading without folding, and writing the same rows without either. */
export interface LimitFigures {
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly cpuMicrosPerEvent: number;
  readonly rowsPerSecond?: number;
}

export async function readLimit(store: EventStore, streamPrefixes: readonly string[], events: number): Promise<LimitFigures> {
  const [startedAt, cpu] = [performance.now(), ownCpuMicros()];
  const read = await firstEvents(store, streamPrefixes, events, false);
  return figures(read.count, startedAt, cpu);
}

export async function upsertLimit(
  group: ProjectionGroup,
  store: EventStore,
  pool: Pool,
  connect: Connect,
  events: number,
  batchSize: number,
): Promise<LimitFigures> {
  const { recorded } = await firstEvents(store, group.streamPrefixes, events, true);
  await prepareGroup(pool, group);
  const { batches, rows } = foldedBatches(group, recorded, batchSize);
  const connection = await connect();
  const [startedAt, cpu] = [performance.now(), ownCpuMicros()];
  for (const statements of batches) await transact(connection, statements);
  const result = figures(recorded.length, startedAt, cpu);
  await connection.close();
  return { ...result, rowsPerSecond: Math.round((rows * result.eventsPerSecond) / recorded.length) };
}

async function firstEvents(
  store: EventStore,
  streamPrefixes: readonly string[],
  events: number,
  keep: boolean,
): Promise<{ readonly count: number; readonly recorded: readonly RecordedEvent[] }> {
  const enough = new AbortController();
  const recorded: RecordedEvent[] = [];
  let count = 0;
  for await (const message of store.subscribe({ streamPrefixes, signal: enough.signal })) {
    if (message.kind !== 'event') continue;
    count += 1;
    if (keep) recorded.push(message.event);
    if (count === events) break;
  }
  enough.abort();
  return { count, recorded };
}

/** The statements the engine would send, folded beforehand: all but the fence, which needs an owner. */
function foldedBatches(
  group: ProjectionGroup,
  events: readonly RecordedEvent[],
  size: number,
): { readonly batches: QueryConfig[][]; readonly rows: number } {
  const writer = new GroupWriter(group);
  const incomingOf = incomingEvents(group);
  const before = foldInMemory(group, []);
  const state: CommittedState = {
    document: (id) => before.documents.get(id)?.document ?? null,
    head: (space) => before.heads.get(space) ?? NO_FEED,
    parked: () => undefined,
  };
  const batches: QueryConfig[][] = [];
  let rows = 0;
  let place: Place = BEFORE_ALL;
  for (let first = 0; first < events.length; first += size) {
    const batch = new GroupBatch(group, state);
    for (const event of events.slice(first, first + size)) {
      place = nextPlace(place, event);
      batch.add(understandStored(group, auditRow(incomingOf(event), place), event.data, event.metadata));
    }
    const to = { ...place, position: 0n, last: null };
    const advance = { owner: '', buckets: [], log: { logId: '', restores: 0 }, from: 0n, to, leaseMs: 0 };
    batches.push(writer.statements(advance, batch).slice(1));
    rows += batch.audit.length + batch.documents.size + batch.feed.length + batch.heads.size;
    for (const changed of batch.rows.values()) rows += changed.size;
    for (const [id, document] of batch.documents) before.documents.set(id, document);
    for (const [space, head] of batch.heads) before.heads.set(space, head);
  }
  return { batches, rows };
}

function figures(events: number, startedAt: number, cpu: number): LimitFigures {
  return {
    events,
    eventsPerSecond: Math.round(events / ((performance.now() - startedAt) / 1_000)),
    cpuMicrosPerEvent: Number(((ownCpuMicros() - cpu) / events).toFixed(1)),
  };
}
