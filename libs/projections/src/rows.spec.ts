import { replaceRows } from './rows.js';
import type { TableSpec } from './projection.js';

const table: TableSpec = { name: 'sums', columns: { category: 'text', amount: 'bigint' }, key: ['category'] };
type Sums = { [category: string]: number };
const rows = replaceRows<Sums>(table, (sums) => Object.entries(sums).map(([category, amount]) => ({ category, amount })));

describe('rows that follow from a document', () => {
  it('are all written when it appears', () => {
    expect(rows(null, { food: 1, rent: 2 })).toEqual([
      { op: 'put', row: { category: 'food', amount: 1 } },
      { op: 'put', row: { category: 'rent', amount: 2 } },
    ]);
  });

  it('are written where they changed and removed where they are gone', () => {
    expect(rows({ food: 1, rent: 2, toys: 3 }, { food: 1, rent: 5 })).toEqual([
      { op: 'put', row: { category: 'rent', amount: 5 } },
      { op: 'del', key: { category: 'toys' } },
    ]);
  });

  it('all go with it', () => {
    expect(rows({ food: 1 }, null)).toEqual([{ op: 'del', key: { category: 'food' } }]);
  });
});
