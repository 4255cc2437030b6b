import { formatMoney, type CurrencyCode } from '@daybook/kernel';
import { z } from 'zod';
import type { DailyBudget } from '../budget/daily-budget.js';
import type { Known } from './known.js';

/** Whose day it was when that was known. */
export const momentSchema = {
  familyId: z.uuid(),
  currency: z.string(),
  timeZone: z.string(),
  /** The family's civil date at the moment of knowledge: now, or that of asAt. */
  today: z.iso.date(),
};

/** Days and pool of a daily number; amounts are decimal strings of `currency`. */
export const shownDaySchema = z.object({
  ...momentSchema,
  date: z.iso.date(),
  periodStart: z.iso.date(),
  /** Last day of the period. */
  periodEnd: z.iso.date(),
  dailyBudgetAmount: z.string(),
  spentToday: z.string(),
  /** Of the day; negative when more was spent. */
  remainingBudget: z.string(),
  spendableToday: z.string(),
  overspentBy: z.string(),
  committedToday: z.string(),
  remainingInPeriod: z.string(),
  /** The day itself included. */
  daysRemaining: z.int(),
  pool: z.string(),
  /** From the day to the end of the period; what it adds up to is left of the pool. */
  plan: z.array(z.object({ date: z.iso.date(), amount: z.string() })),
  /** Whether a period before is not closed yet, so that what it hands on may change. */
  provisional: z.boolean(),
});

export type ShownDay = z.input<typeof shownDaySchema>;

export function momentOf({ familyId, currency, timeZone, today }: Known) {
  return { familyId, currency, timeZone, today };
}

/** How amounts of one currency are written. */
export function writtenIn(currency: CurrencyCode): (amountMinor: bigint) => string {
  return (amountMinor) => formatMoney({ amountMinor, currency });
}

export function shownDay(known: Known, day: DailyBudget): ShownDay {
  const written = writtenIn(known.currency);
  return {
    ...momentOf(known),
    date: day.date,
    periodStart: day.periodStart,
    periodEnd: day.periodEnd,
    dailyBudgetAmount: written(day.dailyBudgetAmount),
    spentToday: written(day.spentToday),
    remainingBudget: written(day.remainingBudget),
    spendableToday: written(day.spendableToday),
    overspentBy: written(day.overspentBy),
    committedToday: written(day.committedToday),
    remainingInPeriod: written(day.remainingInPeriod),
    daysRemaining: day.daysRemaining,
    pool: written(day.pool),
    plan: day.plan.map(({ date, amount }) => ({ date, amount: written(amount) })),
    provisional: day.provisional,
  };
}
