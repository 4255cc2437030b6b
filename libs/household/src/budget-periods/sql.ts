import type { GroupView } from '@daybook/projections';

/*
 * For people who open psql: what the budget of a family comes to on a given day, in pure SQL over this table alone. The
 * program itself asks `poolOf` and `todayIn`, and a test holds the two against each other.
 */

/**
 * The family's civil date at an instant (rules R2, R25). Null for a family without a budget, and with a warning for one
 * whose zone this Postgres has never heard of: it must not spoil the view for all others.
 */
const FAMILY_TODAY = `(in_family uuid, in_now timestamptz) returns date language plpgsql stable as $$
  declare
    zone record;
    today date;
  begin
    for zone in
      select entry ->> 'timeZone' as name, (entry ->> 'from')::date as since
        from budget_periods p cross join lateral json_array_elements(p.zones) with ordinality as e (entry, place)
       where p.space = 'family:' || in_family
       order by p.period, e.place
    loop
      -- A zone takes over on its day, and no day comes twice.
      exit when today < zone.since;
      today := greatest((in_now at time zone zone.name)::date, zone.since);
    end loop;
    return today;
  exception when invalid_parameter_value then
    raise warning 'family % is in a time zone this server does not know', in_family;
    return null;
  end $$`;

/**
 * Every period from the budget's start to the one that holds the day, with its pool (rules R5, R20). All but the last
 * have ended by then, so that each hands on what a close would find, or has found. Without a plan the pool is null.
 */
const BUDGET_POOLS = `(in_family uuid, in_today date)
  returns table (
    period date, next_start date, currency text, is_closed boolean, pool numeric, is_provisional boolean
  ) language sql stable as $$
    with recursive facts as (
      select p.*, p.plan_income - p.plan_fixed - p.plan_savings as planned_net
        from budget_periods p where p.space = 'family:' || in_family
    ), chain as (
      (select f.period, f.next_start, f.start_day, f.currency, f.planned_net, f.end_policy, f.is_closed, f.carry_out,
              f.own_pool::numeric, f.own_surplus::numeric, f.late::numeric, 0::numeric as carry_in, false as is_provisional
         from facts f order by f.period limit 1)
      union all
      select c.next_start, coalesce(f.next_start, n.regular), coalesce(f.start_day, c.start_day), c.currency,
             case when f.period is null then c.planned_net else f.planned_net end,
             coalesce(f.end_policy, c.end_policy), coalesce(f.is_closed, false), f.carry_out,
             coalesce(f.own_pool, c.planned_net, 0), coalesce(f.own_surplus, c.planned_net, 0), coalesce(f.late, 0),
             coalesce(f.carry_in, h.carry_out), not coalesce(f.is_closed, false) and not c.is_closed
        from chain c
       cross join lateral (
         select case
             when c.is_closed then c.carry_out
             when c.planned_net is null or c.end_policy = 'reset' then 0
             when c.end_policy = 'carryBoth' then c.own_surplus + c.carry_in + c.late
             else least(c.own_surplus + c.carry_in + c.late, 0)
           end as carry_out
         ) h
       cross join lateral (
         -- A new start day counts from a regular start on, so that only a period with a row can be cut short.
         select least(m.first_day + c.start_day - 1, (m.first_day + interval '1 month' - interval '1 day')::date) as regular
           from (select (date_trunc('month', c.next_start::timestamp) + interval '1 month')::date as first_day) m
         ) n
        left join facts f on f.period = c.next_start
       where c.next_start <= in_today
    )
    select c.period, c.next_start, c.currency, c.is_closed,
           case when c.planned_net is not null then c.own_pool + c.carry_in + c.late end, c.is_provisional
      from chain c where c.period <= in_today order by c.period
  $$`;

/** Every family that has a budget, and its civil date at an instant. */
const BUDGET_FAMILIES = `(in_now timestamptz)
  returns table (family_id uuid, today date) language sql stable as $$
    select p.family_id, family_today(p.family_id, in_now) from budget_periods p group by p.family_id
  $$`;

export const budgetPeriodsViews: readonly GroupView[] = [
  { kind: 'function', name: 'family_today', sql: FAMILY_TODAY },
  { kind: 'function', name: 'budget_families_on', sql: BUDGET_FAMILIES },
  { kind: 'function', name: 'budget_pools_on', sql: BUDGET_POOLS },
];
