import type { CivilDate } from '@daybook/kernel';
import type { Row } from '@daybook/projections';
import type { BudgetPlan } from '../budget/budget-plan.js';
import { periodOf, type BudgetPeriod } from '../budget/calendar.js';
import { firstOpenPeriod, lateInto, periodAfter, surplusAtClose } from '../budget/carry.js';
import type { BudgetDocument } from '../budget/document.js';
import { ownPool, sumsOf, termsOf, total } from '../budget/period-terms.js';

/** Every period something is known about, by its first day; the others continue the one before them. */
export function periodsWithFacts(document: BudgetDocument): Map<CivilDate, BudgetPeriod> {
  const { plan, ended, days, late } = document;
  const { calendar, zones, plans, settled, closed } = plan;
  const named = [
    ...calendar.map(({ from }) => from),
    ...zones.flatMap(({ from }) => from ?? []),
    ...closed,
    ...[ended, days, late, settled].flatMap((facts) => Object.keys(facts) as CivilDate[]),
  ];
  const periods = [
    firstOpenPeriod(plan),
    ...named.map((date) => periodOf(calendar, date)),
    ...plans.map(({ period }) => firstPeriodFrom(calendar, period)),
  ];
  return new Map(periods.flatMap((period) => (period === undefined ? [] : [[period.start, period]])));
}

export function rowOf(familyId: string, document: BudgetDocument, period: BudgetPeriod): Row {
  const { plan, closings } = document;
  const terms = termsOf(document, period);
  const late = lateInto(document, period);
  const closing = closings[period.start];
  return {
    family_id: familyId,
    ...calendarColumns(plan, period),
    plan_income: terms.isPlanned ? String(terms.plannedIncome) : null,
    plan_fixed: terms.isPlanned ? String(total(terms.fixedItems.map(({ planned }) => planned))) : null,
    plan_savings: terms.isPlanned ? String(terms.plannedSavings) : null,
    not_granted: String(terms.notGranted),
    fixed_items: terms.fixedItems.map(({ planned, actual, counted, ...item }) => {
      return { ...item, planned: String(planned), actual: String(actual), counted: String(counted) };
    }),
    recorded_income: String(terms.recordedIncome),
    extra_income: String(terms.extraIncome),
    saved: String(terms.saved),
    committed: String(terms.committed),
    spent: String(terms.spent),
    entries: sumsOf(document, period).entries,
    own_pool: String(ownPool(terms)),
    own_surplus: String(surplusAtClose(terms, 0n)),
    late: String(total(late.map(({ amount }) => amount))),
    late_by_source: Object.fromEntries(late.map(({ from, amount }) => [from, String(amount)])),
    is_closed: closing !== undefined,
    end_policy: closing?.endPolicy ?? plan.endPolicy,
    carry_in: closing?.carryIn ?? null,
    carry_out: closing?.carryOut ?? null,
  };
}

function calendarColumns(plan: BudgetPlan, { start, nextStart, days, fullDays }: BudgetPeriod): Row {
  const isFirst = start === plan.calendar[0]?.from;
  const zones = plan.zones.filter(({ from }) => (from === null || from < start ? isFirst : from >= start && from < nextStart));
  return {
    period: start,
    next_start: nextStart,
    days,
    full_days: fullDays,
    start_day: plan.calendar.findLast(({ from }) => from <= start)?.startDay ?? null,
    currency: plan.currency,
    zones: zones.map(({ from, timeZone }) => ({ from, timeZone })),
  };
}

/** A plan counts from the first period that begins on its day or later. */
function firstPeriodFrom(calendar: BudgetPlan['calendar'], date: CivilDate): BudgetPeriod | undefined {
  const [first] = calendar;
  const period = periodOf(calendar, date) ?? (first && periodOf(calendar, first.from));
  return period === undefined || period.start >= date ? period : periodAfter(calendar, period);
}
