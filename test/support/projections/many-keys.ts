import type { Projection, ProjectionGroup, TableSpec } from '@daybook/projections';
import { toyGroup, type ToyEvent } from './toy-group.js';

const shelvesTable: TableSpec = {
  name: 'toy_shelves',
  columns: { shelf: 'text', puts: 'integer', last: 'text' },
  key: ['shelf'],
};

type Shelf = { puts: number; last: string };

/** Several documents an event: an item is put on the shelf of its category and on the one its note names. */
const shelves: Projection<Shelf, ToyEvent> = {
  name: 'toy_shelves',
  version: 1,
  table: shelvesTable,
  handles: ['ItemPut', 'Emptied'],
  key: (event) => (event.type === 'ItemPut' ? [event.data.note ?? event.data.category, event.data.category] : []),
  evolve(document, event, key) {
    if (event.type !== 'ItemPut') return document;
    return { puts: (document?.puts ?? 0) + 1, last: `${key}/${event.data.item}` };
  },
  rows: (_before, after, _event, key) => (after === null ? [] : [{ op: 'put', row: { shelf: key, ...after } }]),
};

export const shelvesGroup: ProjectionGroup = { ...toyGroup, projections: [...toyGroup.projections, shelves] };

/** What one event did to the shelves, in the order of the feed. */
export function shelvesIn(ops: string | null | undefined): readonly unknown[] {
  const all = JSON.parse(ops ?? '[]') as readonly { m: string; r?: unknown }[];
  return all.filter(({ m }) => m === 'toy_shelves').map(({ r }) => r);
}
