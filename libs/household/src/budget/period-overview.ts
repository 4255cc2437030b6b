import type { CivilDate } from '@daybook/kernel';
import type { BudgetPeriod } from './calendar.js';
import { carriesInto, carryInto, carryOutOf, surplusAtClose, type CarryIn } from './carry.js';
import { daysOf, type DaySums, type PeriodDay } from './day-walk.js';
import type { BudgetDocument } from './document.js';
import { poolOf, type Pool } from './pool.js';

/** future: starts after today · open: runs today · ended: over, may still be closed · closed. */
export type PeriodStatus = 'future' | 'open' | 'ended' | 'closed';

/** A period in figures; minor units. */
export interface PeriodTotals {
  readonly period: BudgetPeriod;
  readonly status: PeriodStatus;
  readonly pool: Pool;
  readonly spent: bigint;
  /** Pool less spent, as R10 counts it. */
  readonly remaining: bigint;
  /** What a close now would find: what is left, and what fixed items cost less than planned (rule R20). */
  readonly surplus: bigint;
  /** What the period handed on when it was closed, or would hand on if it were closed now. */
  readonly carryOut: bigint;
}

export interface PeriodOverview extends PeriodTotals {
  readonly days: readonly PeriodDay[];
}

/** Figures of any period, also of one without a plan: `pool.isPlanned` says so. */
export function periodTotals(
  document: BudgetDocument,
  period: BudgetPeriod,
  today: CivilDate,
  carry: CarryIn = carryInto(document, period, today),
): PeriodTotals {
  const pool = poolOf(document, period, today, carry);
  const closing = document.closings[period.start];
  const provisional = () => carryOutOf(document, period, pool.carryIn, document.plan.endPolicy);
  return {
    period,
    status: statusOf(document, period, today),
    pool,
    spent: pool.spent,
    remaining: pool.amount - pool.spent,
    surplus: surplusAtClose(pool, pool.carryIn + pool.late),
    carryOut: closing === undefined ? provisional() : BigInt(closing.carryOut),
  };
}

/** The same of many periods, in their order: what one hands on to the next is worked out once for all of them. */
export function totalsOfPeriods(document: BudgetDocument, periods: readonly BudgetPeriod[], today: CivilDate): PeriodTotals[] {
  const carries = carriesInto(document, periods, today);
  return periods.map((period) => periodTotals(document, period, today, carries.get(period.start)));
}

/** The same figures, and each day as `dailyBudget` answers it. */
export function periodOverview(document: BudgetDocument, period: BudgetPeriod, today: CivilDate, days: DaySums): PeriodOverview {
  const totals = periodTotals(document, period, today);
  return { ...totals, days: daysOf(totals.pool.amount, period, days, today) };
}

export function statusOf({ closings }: BudgetDocument, { start, nextStart }: BudgetPeriod, today: CivilDate): PeriodStatus {
  if (closings[start] !== undefined) return 'closed';
  if (nextStart <= today) return 'ended';
  return start <= today ? 'open' : 'future';
}
