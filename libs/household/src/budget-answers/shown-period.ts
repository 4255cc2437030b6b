import { z } from 'zod';
import type { PeriodOverview, PeriodTotals } from '../budget/period-overview.js';
import type { Known } from './known.js';
import { momentOf, momentSchema, writtenIn } from './shown-day.js';

/** future: starts after today · open: runs today · ended: over, may still be closed · closed. */
const status = z.enum(['future', 'open', 'ended', 'closed']);

const totalsSchema = z.object({
  /** First day, and name, of the period. */
  period: z.iso.date(),
  periodEnd: z.iso.date(),
  daysInPeriod: z.int(),
  status,
  /** Without a plan there is no daily number, and nothing is carried on. */
  planned: z.boolean(),
  pool: z.string(),
  spent: z.string(),
  remaining: z.string(),
  /** What a close finds: what is left, and what fixed items cost less than planned. */
  surplus: z.string(),
  carryIn: z.string(),
  /** What it handed on when it was closed, or would if it were closed now. */
  carryOut: z.string(),
  /** What entries in closed periods changed after their close, counted here. */
  late: z.string(),
  /** Whether a period before is not closed yet, so that what it hands on may change. */
  provisional: z.boolean(),
});

const termsSchema = z.object({
  plannedIncome: z.string(),
  recordedIncome: z.string(),
  extraIncome: z.string(),
  /** What counts: the larger one of planned and recorded, and what is extra. */
  income: z.string(),
  fixed: z.string(),
  fixedItems: z.array(
    z.object({
      categoryId: z.string(),
      planned: z.string(),
      actual: z.string(),
      lines: z.int(),
      settled: z.boolean(),
      /** What it takes from the pool. */
      counted: z.string(),
    }),
  ),
  plannedSavings: z.string(),
  saved: z.string(),
  savings: z.string(),
  committed: z.string(),
  /** The part of the plan that belongs to days a new start day took from the period. */
  notGranted: z.string(),
  carryIn: z.string(),
  carryFrom: z.iso.date().nullable(),
  late: z.string(),
  lateFrom: z.array(z.object({ period: z.iso.date(), amount: z.string() })),
});

export const shownPeriodsSchema = z.object({ ...momentSchema, periods: z.array(totalsSchema) });

export const shownOverviewSchema = totalsSchema.extend({
  ...momentSchema,
  /** income − fixed − savings − committed − notGranted + carryIn + late = pool */
  terms: termsSchema,
  days: z.array(
    z.object({
      date: z.iso.date(),
      dailyBudgetAmount: z.string(),
      spent: z.string(),
      remaining: z.string(),
      committed: z.string(),
    }),
  ),
});

type ShownTotals = z.input<typeof totalsSchema>;
export type ShownPeriods = z.input<typeof shownPeriodsSchema>;
export type ShownOverview = z.input<typeof shownOverviewSchema>;

export function shownPeriods(known: Known, periods: readonly PeriodTotals[]): ShownPeriods {
  return { ...momentOf(known), periods: periods.map((period) => shownTotals(known, period)) };
}

export function shownOverview(known: Known, overview: PeriodOverview): ShownOverview {
  const written = writtenIn(known.currency);
  return {
    ...momentOf(known),
    ...shownTotals(known, overview),
    terms: shownTerms(known, overview),
    days: overview.days.map(({ date, amount, spent, remaining, committed }) => ({
      date,
      dailyBudgetAmount: written(amount),
      spent: written(spent),
      remaining: written(remaining),
      committed: written(committed),
    })),
  };
}

function shownTotals({ currency }: Known, { period, status: stage, pool, spent, remaining, surplus, carryOut }: PeriodTotals): ShownTotals {
  const written = writtenIn(currency);
  return {
    period: period.start,
    periodEnd: period.lastDay,
    daysInPeriod: period.days,
    status: stage,
    planned: pool.isPlanned,
    pool: written(pool.amount),
    spent: written(spent),
    remaining: written(remaining),
    surplus: written(surplus),
    carryIn: written(pool.carryIn),
    carryOut: written(carryOut),
    late: written(pool.late),
    provisional: pool.isProvisional,
  };
}

function shownTerms({ currency }: Known, { pool }: PeriodTotals): z.input<typeof termsSchema> {
  const written = writtenIn(currency);
  return {
    plannedIncome: written(pool.plannedIncome),
    recordedIncome: written(pool.recordedIncome),
    extraIncome: written(pool.extraIncome),
    income: written(pool.income),
    fixed: written(pool.fixed),
    fixedItems: pool.fixedItems.map(({ categoryId, planned, actual, lines, isSettled, counted }) => {
      return { categoryId, planned: written(planned), actual: written(actual), lines, settled: isSettled, counted: written(counted) };
    }),
    plannedSavings: written(pool.plannedSavings),
    saved: written(pool.saved),
    savings: written(pool.savings),
    committed: written(pool.committed),
    notGranted: written(pool.notGranted),
    carryIn: written(pool.carryIn),
    carryFrom: pool.carryFrom,
    late: written(pool.late),
    lateFrom: pool.lateBySource.map(({ from, amount }) => ({ period: from, amount: written(amount) })),
  };
}
