import type { TableSpec } from '@daybook/projections';

/** One row a plan that was ever set, amounts in minor units; private to this folder. */
export const plansTable: TableSpec = {
  name: 'plans',
  columns: {
    family_id: 'uuid',
    /** The how-manieth the family has set. */
    version: 'integer',
    /** First period it counts for; it gives way to the next one's, and to a later version for the same period. */
    period: 'date',
    income: 'bigint',
    savings: 'bigint',
    /** Planned amounts as digits, by category. */
    fixed: 'json',
    set_at: 'timestamptz',
    set_by: 'text',
  },
  key: ['version'],
  indexes: [{ columns: ['period', 'version'] }],
};
