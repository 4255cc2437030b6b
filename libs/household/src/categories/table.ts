import type { TableSpec } from '@daybook/projections';

/** One row a category; private to this folder. `seq` numbers them in the order they were added. */
export const categoriesTable: TableSpec = {
  name: 'categories',
  columns: { family_id: 'uuid', category_id: 'uuid', kind: 'text', name: 'json', is_archived: 'boolean', seq: 'bigint' },
  key: ['category_id'],
};
