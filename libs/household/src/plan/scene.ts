import { DaybookError, type CivilDate, type Sealed } from '@daybook/kernel';
import { periodOf, type BudgetPeriod } from '../budget/calendar.js';
import type { BudgetPlan } from '../budget/budget-plan.js';
import { lastAcceptedDate } from '../date-range.js';
import { familyOf, requireRole, todayOf, type FamilyInSight } from '../family/authority.js';
import type { FamilyState } from '../family/family-state.js';
import { refusalOf } from '../refusal.js';

const PERIOD = '/period';

/** What every decision about the plan of a family stands on. */
export interface Scene extends FamilyInSight {
  /** The family's civil today. */
  readonly today: CivilDate;
}

/** Plan, categories, settings and periods are for managers. */
export function sceneOf(state: FamilyState, by: string, nowMs: number): Scene {
  const family = familyOf(state, by);
  requireRole(family, 'manager');
  return { ...family, today: todayOf(family.plan, nowMs) };
}

/** The period a day belongs to. */
export function periodAt({ calendar }: BudgetPlan, date: CivilDate): BudgetPeriod {
  const period = periodOf(calendar, date);
  if (period !== undefined) return period;
  const message = `must not be before the budget starts, on ${firstDay({ calendar })}`;
  throw refusalOf('BEFORE_BUDGET_START', { pointer: PERIOD, rule: 'before_start', message });
}

/** The period a day belongs to, when it may still be planned for. */
export function openPeriodAt({ plan: { budget }, today }: Scene, date: CivilDate): BudgetPeriod {
  const period = periodAt(budget, date);
  const last = lastAcceptedDate(today);
  if (date > last) {
    throw refusalOf('DATE_OUT_OF_RANGE', { pointer: PERIOD, rule: 'too_far', message: `must not be after ${last}` });
  }
  if (budget.closed.includes(period.start)) {
    const message = `must be an open one: the period from ${period.start} to ${period.lastDay} is closed`;
    throw refusalOf('PERIOD_CLOSED', { pointer: PERIOD, rule: 'closed', message });
  }
  return period;
}

/** The running period; the first one while the budget has not started. */
export function runningPeriod({ plan: { budget }, today }: Scene): BudgetPeriod {
  const first = firstDay(budget);
  return periodAt(budget, today < first ? first : today);
}

/** First day of the next period to begin. */
export function nextPeriodStart({ plan: { budget }, today }: Scene): CivilDate {
  return periodOf(budget.calendar, today)?.nextStart ?? firstDay(budget);
}

/** First day of the first period. */
export function firstDay({ calendar }: Pick<BudgetPlan, 'calendar'>): CivilDate {
  const [first] = calendar;
  if (first === undefined) throw new RangeError('a budget has a first day');
  return first.from;
}

export function noSuchCategory(): DaybookError {
  return new DaybookError('NOT_FOUND', 'There is no such category in this family.');
}

/** One person's text is sealed alike each time: equal here means that nothing was changed. */
export function isSameText(left: Sealed | null, right: Sealed | null): boolean {
  return left?.subject === right?.subject && left?.data === right?.data;
}
