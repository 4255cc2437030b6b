import type { TableSpec } from '@daybook/projections';

/** One row a family; private to this folder. */
export const familiesTable: TableSpec = {
  name: 'families',
  columns: {
    family_id: 'uuid',
    name: 'json',
    currency: 'text',
    time_zone: 'text',
    members: 'json',
    created_at: 'timestamptz',
    version: 'bigint',
  },
  key: ['family_id'],
};
