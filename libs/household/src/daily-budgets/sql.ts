import type { GroupView } from '@daybook/projections';

/*
 * For people who open psql: the daily number itself, in pure SQL. The program asks `dailyBudget`, and a test holds the
 * two against each other. Amounts are minor units of `currency`.
 */

/**
 * Every day from the budget's start to the end of the period that holds the day (rules R7 to R10). What is left of today
 * is expected to be spent today, and days after it share the rest in equal parts, the first ones a unit more.
 */
const DAILY_BUDGETS_ON = `(in_family uuid, in_today date)
  returns table (
    date date, period date, period_end date, currency text, pool bigint, spent bigint, committed bigint,
    daily_budget_amount bigint, remaining_budget bigint, remaining_in_period bigint, days_remaining integer,
    is_provisional boolean
  ) language sql stable as $$
    with days as (
      select p.period, p.next_start, p.currency, p.pool, p.is_provisional, d.date,
             coalesce(b.spent, 0)::numeric as spent, coalesce(b.committed, 0) as committed,
             coalesce(sum(b.spent) over (partition by p.period order by d.date), 0) as spent_so_far
        from budget_pools_on(in_family, in_today) p
       cross join lateral (select p.period + g.nth as date from generate_series(0, p.next_start - p.period - 1) g (nth)) d
        left join daily_budgets b on b.space = 'family:' || in_family and b.date = d.date
       where p.pool is not null
    ), walked as (
      select d.*, daily_budget_part(d.pool - d.spent_so_far + d.spent, d.next_start - d.date, 0) as amount from days d
    ), today as (
      select w.pool - w.spent_so_far - greatest(w.amount - w.spent, 0) as left_for_later, w.next_start - w.date - 1 as days_later
        from walked w where w.date = in_today
    ), answered as (
      select w.*, case when w.date <= in_today then w.amount
                       else daily_budget_part(t.left_for_later, t.days_later, w.date - in_today - 1) end as answer
        from walked w left join today t on true
    )
    select a.date, a.period, a.next_start - 1, a.currency, a.pool::bigint, a.spent::bigint, a.committed,
           a.answer::bigint, (a.answer - a.spent)::bigint, (a.pool - a.spent_so_far)::bigint, a.next_start - a.date,
           a.is_provisional
      from answered a order by a.date
  $$`;

/** The part with that place, from 0 on, of an amount that is divided by whole units; right for negative ones, too. */
const DAILY_BUDGET_PART = `(in_amount numeric, in_parts integer, in_place integer)
  returns numeric language sql immutable as $$
    -- div() rounds towards zero and mod() follows it: both are brought down to the floor here.
    select div(in_amount, in_parts) + case
        when in_place < mod(mod(in_amount, in_parts) + in_parts, in_parts) then 1 else 0
      end - case when mod(in_amount, in_parts) < 0 then 1 else 0 end
  $$`;

/** One row a family and day, as of now; `set daybook.now = '2026-04-01T12:00:00Z'` asks as of another moment. */
const DAILY_BUDGET_NUMBERS = `
    select f.family_id, n.*, f.today
      from budget_families_on(coalesce(nullif(current_setting('daybook.now', true), '')::timestamptz, now())) f
     cross join lateral daily_budgets_on(f.family_id, f.today) n`;

export const dailyBudgetsViews: readonly GroupView[] = [
  { kind: 'function', name: 'daily_budget_part', sql: DAILY_BUDGET_PART },
  { kind: 'function', name: 'daily_budgets_on', sql: DAILY_BUDGETS_ON },
  { kind: 'view', name: 'daily_budget_numbers', sql: DAILY_BUDGET_NUMBERS },
];
