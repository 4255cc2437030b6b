import { allocateByWeights, type CivilDate } from '@daybook/kernel';
import { planFor } from './budget-plan.js';
import type { BudgetPeriod } from './calendar.js';
import type { BudgetDocument } from './document.js';
import { categoryOf } from './fixed-keys.js';
import { addSums, amountIn, fixedIn, NO_SUMS, type Sums } from './sums.js';

/** A fixed category in one period (rule R6); amounts in minor units. */
export interface FixedItem {
  readonly categoryId: string;
  readonly planned: bigint;
  readonly actual: bigint;
  /** How many lines were recorded for it. */
  readonly lines: number;
  readonly isSettled: boolean;
  /** What it takes from the pool: the larger one of planned and actual, or the actual one once it is settled. */
  readonly counted: bigint;
}

/** What a period's own plan and records make of its pool (rules R5, R6); minor units. */
export interface PeriodTerms {
  /** Without a plan all planned amounts are 0, and nothing is carried on. */
  readonly isPlanned: boolean;
  readonly plannedIncome: bigint;
  /** Of kind planned. */
  readonly recordedIncome: bigint;
  readonly extraIncome: bigint;
  /** What counts: the larger one of planned and recorded, and what is extra. */
  readonly income: bigint;
  readonly fixedItems: readonly FixedItem[];
  readonly fixed: bigint;
  readonly plannedSavings: bigint;
  readonly saved: bigint;
  readonly savings: bigint;
  readonly committed: bigint;
  /** The part of the plan that belongs to the days a stub lost (rule R26); 0 in all other periods. */
  readonly notGranted: bigint;
  /** Variable spending of the whole period; no part of the pool. */
  readonly spent: bigint;
}

/** All that is recorded within a period, however the days were cut when it was. */
export function sumsOf({ ended, days, horizon }: BudgetDocument, { start, nextStart }: BudgetPeriod): Sums {
  const inside = (sums: Record<string, Sums>) =>
    Object.entries(sums).flatMap(([first, one]) => (start <= first && first < nextStart ? [one] : []));
  return [...inside(ended), ...(nextStart <= horizon ? [] : inside(days))].reduce(addSums, NO_SUMS);
}

export function termsOf(document: BudgetDocument, period: BudgetPeriod): PeriodTerms {
  const sums = sumsOf(document, period);
  const plan = planFor(document.plan, period.start);
  const [plannedIncome, recordedIncome, extraIncome] = [BigInt(plan?.income ?? 0), amountIn(sums, 'income'), amountIn(sums, 'extraIncome')];
  const [plannedSavings, saved] = [BigInt(plan?.savings ?? 0), amountIn(sums, 'saved')];
  const fixedItems = fixedItemsOf(document, period.start, sums);
  const plannedNet = plannedIncome - total(fixedItems.map(({ planned }) => planned)) - plannedSavings;
  return {
    isPlanned: plan !== undefined,
    plannedIncome,
    recordedIncome,
    extraIncome,
    income: larger(plannedIncome, recordedIncome) + extraIncome,
    fixedItems,
    fixed: total(fixedItems.map(({ counted }) => counted)),
    plannedSavings,
    saved,
    savings: larger(plannedSavings, saved),
    committed: amountIn(sums, 'committed'),
    notGranted: plannedNet - grantedOf(plannedNet, period),
    spent: amountIn(sums, 'spent'),
  };
}

/** The pool but for what comes from other periods (rule R5). */
export function ownPool({ income, fixed, savings, committed, notGranted }: PeriodTerms): bigint {
  return income - fixed - savings - committed - notGranted;
}

export function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

function fixedItemsOf(document: BudgetDocument, period: CivilDate, sums: Sums): FixedItem[] {
  const plan = planFor(document.plan, period)?.fixed ?? {};
  const settled = document.plan.settled[period] ?? [];
  const keys = [...new Set([...Object.keys(plan), ...Object.keys(sums.fixed ?? {})])];
  return keys.sort(byPlace).map((key) => {
    const { amount: actual, lines } = fixedIn(sums, key);
    const planned = BigInt(plan[key] ?? 0);
    const isSettled = settled.includes(key);
    const counted = isSettled ? actual : larger(planned, actual);
    return { categoryId: categoryOf(document, key), planned, actual, lines, isSettled, counted };
  });
}

/** A stub gets the share of the planned money that its days have; what is recorded counts in full (rules R22, R26). */
function grantedOf(plannedNet: bigint, { days, fullDays }: BudgetPeriod): bigint {
  if (fullDays <= days) return plannedNet;
  return allocateByWeights(plannedNet, [BigInt(days), BigInt(fullDays - days)])[0] ?? 0n;
}

/** Short keys are numbers; ids stand after them. */
function byPlace(left: string, right: string): number {
  return left.length - right.length || (left < right ? -1 : Number(left > right));
}

function larger(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}
