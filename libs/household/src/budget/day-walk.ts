import { addDays, floorDivide, type CivilDate } from '@daybook/kernel';
import type { BudgetPeriod } from './calendar.js';
import { amountIn, NO_SUMS, type Sums } from './sums.js';

/** Sums of the days of one period, by date; days without entries may be left out. */
export type DaySums = ReadonlyMap<string, Sums>;

/** One day of a period; minor units. */
export interface PeriodDay {
  readonly date: CivilDate;
  /** What may be spent on the day: the first of equal parts of what is left, one a day still to come (rule R9). */
  readonly amount: bigint;
  /** Net variable spending of the day (rule R7). */
  readonly spent: bigint;
  readonly remaining: bigint;
  readonly committed: bigint;
  /** What the days before leave less of the pool: spent, or planned to be. */
  readonly usedBefore: bigint;
}

/**
 * A period day by day. Past days used what was spent on them. What is left of today is expected to be spent today, so
 * that tomorrow's amount is the one today's plan shows; what is overspent already is not, and the days to come share
 * it. Days after today follow the plan: a variable line that is still to come is committed and no part of their
 * spending.
 */
export function daysOf(pool: bigint, period: BudgetPeriod, days: DaySums, today: CivilDate): PeriodDay[] {
  const walked: PeriodDay[] = [];
  let usedBefore = 0n;
  for (let index = 0; index < period.days; index += 1) {
    const date = addDays(period.start, index);
    const amount = firstPart(pool - usedBefore, period.days - index);
    const spent = amountIn(days.get(date) ?? NO_SUMS, 'spent');
    const committed = amountIn(days.get(date) ?? NO_SUMS, 'committed');
    walked.push({ date, amount, spent, remaining: amount - spent, committed, usedBefore });
    usedBefore += date > today || (date === today && spent < amount) ? amount : spent;
  }
  return walked;
}

/** The first of the parts that `allocate` makes. */
function firstPart(total: bigint, parts: number): bigint {
  return -floorDivide(-total, BigInt(parts));
}
