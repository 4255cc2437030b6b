import type { GroupBatch } from '../batch.js';

/** Since the engine was made. Counts are free of noise: tests and the bench assert on them. */
export interface Counters {
  batches: number;
  events: number;
  rows: number;
  feedRows: number;
  statements: number;
  roundTrips: number;
}

export function countBatch(counters: Counters, batch: GroupBatch, statements: number): void {
  counters.batches += 1;
  counters.roundTrips += 1;
  counters.statements += statements;
  counters.events += batch.audit.length;
  counters.feedRows += batch.feed.length;
  for (const rows of batch.rows.values()) counters.rows += rows.size;
}
