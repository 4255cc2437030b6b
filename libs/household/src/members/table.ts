import type { TableSpec } from '@daybook/projections';

/** One row a membership; private to this folder. */
export const membersTable: TableSpec = {
  name: 'members',
  columns: { family_id: 'uuid', user_id: 'text', role: 'text', joined_at: 'timestamptz' },
  key: ['user_id'],
  indexes: [{ columns: ['user_id', 'family_id'] }],
};
