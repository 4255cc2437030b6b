import { civilDate, daysInMonth, type CivilDate } from '@daybook/kernel';
import { intInput } from '@daybook/platform';
import { z } from 'zod';
import { periodsBetween, type BudgetPeriod } from '../budget/calendar.js';
import { askablePeriod } from '../budget/daily-budget.js';
import type { BudgetDocument } from '../budget/document.js';
import { dateOrTodayInput } from '../date-input.js';

const [FIRST_YEAR, LAST_YEAR] = [1, 9_998];

/** A period by any of its days, or as the one that starts in a month; the running one where nothing is said. */
export const periodArgs = {
  period: dateOrTodayInput().optional().describe('Any day of the period; the running period when left out'),
  year: intInput(FIRST_YEAR, LAST_YEAR).optional().describe('With month: the period that starts in that month'),
  month: intInput(0, 11).optional().describe('January is 0; of two periods that start in one month the later one'),
};

export interface WhichPeriod {
  readonly period?: CivilDate | 'today' | undefined;
  readonly year?: number | undefined;
  readonly month?: number | undefined;
}

/** One way of naming a period at a time. */
export function oneWayToNameIt({ period, year, month }: WhichPeriod, context: z.core.$RefinementCtx): void {
  const refuse = (field: string, code: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message, params: { code } });
  if (period !== undefined && year !== undefined) refuse('year', 'not_together', 'must be left out where period is given');
  if (period !== undefined && month !== undefined) refuse('month', 'not_together', 'must be left out where period is given');
  if (period !== undefined) return;
  if (year === undefined && month !== undefined) refuse('year', 'required', 'must be given together with month');
  if (month === undefined && year !== undefined) refuse('month', 'required', 'must be given together with year');
}

export function periodAskedFor(
  document: BudgetDocument,
  { period = 'today', year, month }: WhichPeriod,
  { today, realToday }: { readonly today: CivilDate; readonly realToday: CivilDate },
): BudgetPeriod {
  if (year !== undefined && month !== undefined) return periodStartingIn(document, { year, month }, today);
  return askablePeriod(document, period === 'today' ? realToday : period, today, '/period');
}

/** `month` counts from 0. */
function periodStartingIn(
  document: BudgetDocument,
  { year, month }: { readonly year: number; readonly month: number },
  today: CivilDate,
): BudgetPeriod {
  const { calendar } = document.plan;
  const [first, last] = [civilDate(year, month + 1, 1), civilDate(year, month + 1, daysInMonth(year, month + 1))];
  const start = calendar[0]?.from ?? first;
  const earliest = start > first && start <= last ? start : first;
  const around = askablePeriod(document, earliest, today, '/month');
  return periodsBetween(calendar, earliest, last).findLast((period) => period.start >= first) ?? around;
}
