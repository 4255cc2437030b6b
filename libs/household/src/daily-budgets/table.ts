import type { TableSpec } from '@daybook/projections';

/** One row for each day of a family that has entries: what they add up to, in minor units; private to this folder. */
export const dailyBudgetsTable: TableSpec = {
  name: 'daily_budgets',
  columns: {
    family_id: 'uuid',
    date: 'date',
    /** Variable expenses less refunds; may be negative. */
    spent: 'bigint',
    /** Variable lines that were still to come when they were recorded; they count in the period, not on their day. */
    committed: 'bigint',
    income: 'bigint',
    extra_income: 'bigint',
    saved: 'bigint',
    fixed: 'bigint',
    /** {categoryId: {amount, lines}}, amounts as digits; what `fixed` is the total of. */
    fixed_by_category: 'json',
    /** How many transactions count on the day. */
    entries: 'integer',
  },
  key: ['date'],
};
