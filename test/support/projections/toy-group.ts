import type { JsonObject } from '@daybook/eventsourcing';
import { replaceRows, type ProjectedEvent, type Projection, type ProjectionGroup, type TableSpec } from '@daybook/projections';

/** Read models of every shape the contract allows, small enough to be checked by eye. */

type Item = { item: string; category: string; amount: number; note: string | null };

export type ToyEvent =
  | (ProjectedEvent<'ItemPut', Item> & { readonly type: 'ItemPut' })
  | (ProjectedEvent<'ItemRemoved', { readonly item: string }> & { readonly type: 'ItemRemoved' })
  | (ProjectedEvent<'Emptied', JsonObject> & { readonly type: 'Emptied' });

export const TOY_EVENT_TYPES = ['ItemPut', 'ItemPutV1', 'ItemRemoved', 'Emptied', 'Noted'] as const;

const sumsTable: TableSpec = {
  name: 'toy_sums',
  columns: { category: 'text', amount: 'bigint' },
  key: ['category'],
};

const itemsTable: TableSpec = {
  name: 'toy_items',
  columns: {
    item: 'uuid',
    category: 'text',
    amount: 'bigint',
    count: 'integer',
    is_large: 'boolean',
    on_date: 'date',
    at: 'timestamptz',
    note: 'text',
    details: 'json',
  },
  key: ['item'],
  indexes: [{ columns: ['category'] }],
};

const journalTable: TableSpec = {
  name: 'toy_journal',
  columns: { seq: 'bigint', type: 'text', actor: 'text' },
  key: ['seq'],
};

type Sums = { items: { [item: string]: { category: string; amount: number } } };

/** One document a space, rows that come and go with it. */
export const sums: Projection<Sums, ToyEvent> = {
  name: 'toy_sums',
  version: 1,
  table: sumsTable,
  handles: ['ItemPut', 'ItemRemoved', 'Emptied'],
  key: ({ space }) => space.id,
  evolve(document, event) {
    const items = { ...document?.items };
    switch (event.type) {
      case 'ItemPut':
        return { items: { ...items, [event.data.item]: { category: event.data.category, amount: event.data.amount } } };
      case 'ItemRemoved':
        delete items[event.data.item];
        return { items };
      case 'Emptied':
        return null;
      default:
        throw new TypeError(`toy_sums does not know ${JSON.stringify(event satisfies never)}`);
    }
  },
  rows: replaceRows(sumsTable, ({ items }) => {
    const byCategory = new Map<string, number>();
    for (const { category, amount } of Object.values(items)) byCategory.set(category, (byCategory.get(category) ?? 0) + amount);
    return [...byCategory].map(([category, amount]) => ({ category, amount }));
  }),
};

type ItemDocument = { item: Item; count: number; on: string; at: string };

/** One document an item, one row of every column type. */
const items: Projection<ItemDocument, ToyEvent> = {
  name: 'toy_items',
  version: 3,
  table: itemsTable,
  handles: ['ItemPut', 'ItemRemoved'],
  key: (event) => (event.type === 'Emptied' ? event.space.id : event.data.item),
  evolve(document, event) {
    if (event.type !== 'ItemPut') return null;
    if (event.data.note === 'poison') throw new Error('this note is not for folding');
    return { item: event.data, count: (document?.count ?? 0) + 1, on: event.on, at: event.recordedAt };
  },
  rows: replaceRows(itemsTable, ({ item: { item, category, amount, note }, count, on, at }) => [
    { item, category, amount, count, is_large: amount > 1_000, on_date: on, at, note, details: { note, tags: [category] } },
  ]),
};

/** No document: one row an event. */
const journal: Projection<null, ToyEvent> = {
  name: 'toy_journal',
  version: 1,
  table: journalTable,
  handles: ['ItemPut', 'ItemRemoved', 'Emptied'],
  key: () => null,
  evolve: () => null,
  rows: (_before, _after, { seq, type, actor }) => [{ op: 'put', row: { seq, type, actor } }],
};

export const toyGroup: ProjectionGroup = {
  name: 'toy',
  streamPrefixes: ['toy-'],
  eventTypes: TOY_EVENT_TYPES,
  spaceOf: (stream) => ({ kind: 'family', id: stream.split('-').slice(1, 6).join('-') }),
  upcast: ({ type, data }) => (type === 'ItemPutV1' ? { type: 'ItemPut', data: { note: null, ...data } } : { type, data }),
  projections: [sums, items, journal],
};

/** The same group whose folds no longer throw: what a program is after the mistake has been put right. */
export const mendedToyGroup: ProjectionGroup = {
  ...toyGroup,
  projections: [sums, { ...items, evolve: mended(items) }, journal],
};

function mended({ evolve }: typeof items): typeof items.evolve {
  return (document, event, key) =>
    evolve(document, event.type === 'ItemPut' ? { ...event, data: { ...event.data, note: null } } : event, key);
}
