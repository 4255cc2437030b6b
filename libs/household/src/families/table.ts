import type { TableSpec } from '@daybook/projections';

/** One row a family; private to this folder. Plans and categories have rows of their own. */
export const familiesTable: TableSpec = {
  name: 'families',
  columns: {
    family_id: 'uuid',
    name: 'json',
    currency: 'text',
    /** [{from, timeZone}] and [{from, startDay}]: each counts from its day on. */
    zones: 'json',
    calendar: 'json',
    end_policy: 'text',
    members: 'json',
    created_at: 'timestamptz',
    version: 'bigint',
  },
  key: ['family_id'],
};
