import type { NewEvent } from '@daybook/eventsourcing';
import { replaceRows, type ProjectedEvent, type Projection, type ProjectionGroup, type TableSpec } from '@daybook/projections';
import { expenseEvent, familyStream } from '../group/budget-group.js';

/** One read model: how often and how much by key. The least a projection can be, so that the engine is what is measured. */
type Counted = ProjectedEvent<'Counted', { key: string; amount: number }> & { readonly type: 'Counted' };
type Counter = { count: number; total: number };

const table: TableSpec = { name: 'bench_counters', columns: { counter: 'text', count: 'bigint', total: 'bigint' }, key: ['counter'] };

const counters: Projection<Counter & { key: string }, Counted> = {
  name: 'bench_counters',
  version: 1,
  table,
  handles: ['Counted'],
  key: ({ data }) => data.key,
  evolve: (document, { data: { key, amount } }) => ({ key, count: (document?.count ?? 0) + 1, total: (document?.total ?? 0) + amount }),
  rows: replaceRows(table, ({ key, count, total }) => [{ counter: key, count, total }]),
};

export const counterGroup: ProjectionGroup = {
  name: 'bench_counting',
  streamPrefixes: ['ledger-'],
  eventTypes: ['Counted'],
  spaceOf: (stream) => ({ kind: 'family', id: stream.slice('ledger-'.length) }),
  upcast: (stored) => stored,
  projections: [counters],
};

export const limitGroup: ProjectionGroup = {
  ...counterGroup,
  name: 'bench_counting_limit',
  projections: [{ ...counters, table: { ...table, name: 'limit_counters' } }],
};

const FAMILIES_MAX = 2_000;
const RECORDED_AT = '2026-03-01T12:00:00.000Z';

/** A key belongs to one family; where there are more keys than families, a family has many. */
export function familiesOf(keys: number): number {
  return Math.min(keys, FAMILIES_MAX);
}

export const streamOf = familyStream;

export function dataOf(number: number, family: number, keys: number): { readonly key: string; readonly amount: number } {
  const perFamily = keys / familiesOf(keys);
  return { key: `${family}-${number % perFamily}`, amount: 1 + ((number * 7_919) % 20_000) };
}

export function countedEvent(number: number, family: number, keys: number): NewEvent {
  return { ...expenseEvent(number, RECORDED_AT), type: 'Counted', data: dataOf(number, family, keys) };
}
