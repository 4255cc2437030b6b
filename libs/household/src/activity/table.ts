import type { TableSpec } from '@daybook/projections';

/** One row an event of the family, in the order of the log; private to this folder. */
export const activityTable: TableSpec = {
  name: 'activity',
  columns: {
    family_id: 'uuid',
    seq: 'bigint',
    at: 'timestamptz',
    on_date: 'date',
    actor: 'text',
    type: 'text',
    /** What the event says, in its current version; personal text stays sealed. */
    facts: 'json',
  },
  key: ['seq'],
};
