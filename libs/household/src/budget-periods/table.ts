import type { TableSpec } from '@daybook/projections';

/**
 * What stands of each budget period, amounts in minor units; private to this folder. A period has a row from the first
 * fact about it on: its plan, its calendar, an entry, its close. One without a row continues the one before it. No
 * column depends on today.
 */
export const budgetPeriodsTable: TableSpec = {
  name: 'budget_periods',
  columns: {
    family_id: 'uuid',
    /** First day, and name, of the period. */
    period: 'date',
    next_start: 'date',
    days: 'integer',
    /** More than `days` where a new start day cut the period short. */
    full_days: 'integer',
    /** The day of the month on which the following periods begin. */
    start_day: 'integer',
    currency: 'text',
    /** Time zones that count from a day of this period on: [{from, timeZone}], the very first one without `from`. */
    zones: 'json',
    /** The whole plan that counts here, also in a period cut short; null where there is none. */
    plan_income: 'bigint',
    plan_fixed: 'bigint',
    plan_savings: 'bigint',
    /** The part of it that belongs to days the period lost. */
    not_granted: 'bigint',
    /** [{categoryId, planned, actual, lines, isSettled, counted}], amounts as digits. */
    fixed_items: 'json',
    recorded_income: 'bigint',
    extra_income: 'bigint',
    saved: 'bigint',
    committed: 'bigint',
    /** Variable expenses less refunds. */
    spent: 'bigint',
    entries: 'integer',
    /** The pool without what comes from other periods. */
    own_pool: 'bigint',
    /** What it would leave at its close, without what comes from other periods. */
    own_surplus: 'bigint',
    /** What entries in closed periods changed after their close, to be counted here; and by the period they are in. */
    late: 'bigint',
    late_by_source: 'json',
    is_closed: 'boolean',
    /** Closed with it, or to be closed with it as things stand. */
    end_policy: 'text',
    /** What it took over and handed on when it was closed; null while it is open. */
    carry_in: 'bigint',
    carry_out: 'bigint',
  },
  key: ['period'],
};
