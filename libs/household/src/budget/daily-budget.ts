import { addDays, allocate, DaybookError, daysBetween, invariant, type CivilDate } from '@daybook/kernel';
import { periodOf, type BudgetPeriod } from './calendar.js';
import { daysOf, type DaySums, type PeriodDay } from './day-walk.js';
import type { BudgetPlan } from './budget-plan.js';
import type { BudgetDocument } from './document.js';
import { poolOf, type Pool } from './pool.js';
import { latestDate } from './today.js';

export interface DayQuestion {
  readonly document: BudgetDocument;
  /** The days of the period that holds `date`. */
  readonly days: DaySums;
  readonly date: CivilDate;
  readonly today: CivilDate;
}

export interface PlannedDay {
  readonly date: CivilDate;
  readonly amount: bigint;
}

/** The answer of the product; minor units of `currency`. */
export interface DailyBudget {
  readonly date: CivilDate;
  readonly periodStart: CivilDate;
  /** Last day of the period. */
  readonly periodEnd: CivilDate;
  readonly currency: string;
  readonly dailyBudgetAmount: bigint;
  readonly spentToday: bigint;
  /** Of the day; negative when more was spent. */
  readonly remainingBudget: bigint;
  readonly spendableToday: bigint;
  readonly overspentBy: bigint;
  readonly committedToday: bigint;
  readonly remainingInPeriod: bigint;
  /** The day itself included. */
  readonly daysRemaining: number;
  readonly pool: bigint;
  /** From the day to the end of the period. */
  readonly plan: readonly PlannedDay[];
  /** Whether a period before is not closed yet, so that what it hands on may change. */
  readonly provisional: boolean;
}

/** A day with all that its number was made from. */
export interface ComputedDay {
  readonly period: BudgetPeriod;
  readonly pool: Pool;
  /** Every day of the period. */
  readonly periodDays: readonly PeriodDay[];
  readonly day: PeriodDay;
  readonly daysRemaining: number;
}

/** The daily number (rules R5 to R10), the same for every query, view and frame. */
export function dailyBudget(question: DayQuestion): DailyBudget {
  const { period, pool, periodDays, day, daysRemaining } = computeDay(question);
  const { date, amount, spent, remaining, committed, usedBefore } = day;
  const plan = allocate(pool.amount - usedBefore, daysRemaining);
  return {
    date,
    periodStart: period.start,
    periodEnd: period.lastDay,
    currency: question.document.plan.currency,
    dailyBudgetAmount: amount,
    spentToday: spent,
    remainingBudget: remaining,
    spendableToday: remaining > 0n ? remaining : 0n,
    overspentBy: remaining < 0n ? -remaining : 0n,
    committedToday: committed,
    remainingInPeriod: periodDays.reduce((left, one) => (one.date <= date ? left - one.spent : left), pool.amount),
    daysRemaining,
    pool: pool.amount,
    plan: plan.map((planned, index) => ({ date: addDays(date, index), amount: planned })),
    provisional: pool.isProvisional,
  };
}

export function computeDay({ document, days, date, today }: DayQuestion): ComputedDay {
  const period = askablePeriod(document, date, today);
  const pool = poolOf(document, period, today);
  if (!pool.isPlanned) throw new DaybookError('PLAN_MISSING', 'Set a plan for this period, or for an earlier one, first.');
  const periodDays = daysOf(pool.amount, period, days, today);
  const day = periodDays[daysBetween(period.start, date)];
  invariant(day !== undefined, 'a period has all of its days');
  return { period, pool, periodDays, day, daysRemaining: daysBetween(date, period.nextStart) };
}

/** The period that holds a day one may ask for; refuses all other days. `pointer` names the day in the question. */
export function askablePeriod(
  { plan }: { readonly plan: Pick<BudgetPlan, 'calendar'> },
  date: CivilDate,
  today: CivilDate,
  pointer = '/date',
): BudgetPeriod {
  const refuse = (code: 'BEFORE_BUDGET_START' | 'DATE_OUT_OF_RANGE', detail: string) =>
    new DaybookError(code, detail, { errors: [{ pointer, code: code.toLowerCase(), message: detail }] });
  const latest = latestDate(today);
  if (date > latest) throw refuse('DATE_OUT_OF_RANGE', `Ask for a day up to ${latest}, two years from today.`);
  const period = periodOf(plan.calendar, date);
  if (period === undefined) {
    throw refuse('BEFORE_BUDGET_START', `The budget starts on ${String(plan.calendar[0]?.from)}; ask for that day or a later one.`);
  }
  return period;
}
