import type { CivilDate } from '@daybook/kernel';
import { periodOf, type BudgetPeriod } from './calendar.js';
import { askablePeriod, computeDay, type ComputedDay } from './daily-budget.js';
import { EventsBehind, type KnownEvent } from './events-behind.js';
import { total, type FixedItem } from './period-terms.js';
import { fixedIn } from './sums.js';

/** A part of the pool, in minor units, negative where it takes from it, and the ids of the events it comes from. */
interface Term<Name extends string> {
  readonly term: Name;
  readonly amount: bigint;
  readonly events: readonly string[];
}

export interface FixedTerm extends Term<'fixed'> {
  readonly categoryId: string;
  readonly planned: bigint;
  readonly actual: bigint;
  readonly settled: boolean;
}

export interface SavingsTerm extends Term<'savings'> {
  readonly planned: bigint;
  readonly saved: bigint;
}

/** While it is provisional its events are those of the period it comes from; explain that one for what is behind. */
export interface CarryInTerm extends Term<'carryIn'> {
  readonly from: CivilDate;
  readonly provisional: boolean;
}

export interface LateTerm extends Term<'late'> {
  readonly from: CivilDate;
}

export type PoolTerm =
  | Term<'plannedIncome' | 'incomeAbovePlan' | 'extraIncome' | 'committed' | 'notGranted'>
  | FixedTerm
  | SavingsTerm
  | CarryInTerm
  | LateTerm;

export interface ExplainedDay {
  readonly date: CivilDate;
  readonly amount: bigint;
  readonly events: readonly string[];
}

/** Every line behind one daily number (rules R5 to R10). */
export interface Explanation {
  readonly date: CivilDate;
  readonly periodStart: CivilDate;
  readonly periodEnd: CivilDate;
  readonly currency: string;
  /** planned: the day is after today, and the days before it are taken as the plan has them. */
  readonly basis: 'recorded' | 'planned';
  readonly provisional: boolean;
  /** They add up to the pool. */
  readonly terms: readonly PoolTerm[];
  readonly pool: bigint;
  readonly spentBefore: { readonly amount: bigint; readonly days: readonly ExplainedDay[] };
  /** What the plan expects the days from today on to spend before this one. */
  readonly expectedBefore: { readonly amount: bigint; readonly days: readonly Omit<ExplainedDay, 'events'>[] };
  /** pool − spentBefore − expectedBefore */
  readonly available: bigint;
  readonly daysRemaining: number;
  /** The first of as many equal parts of what is available. */
  readonly dailyBudgetAmount: bigint;
  readonly spentToday: { readonly amount: bigint; readonly events: readonly string[] };
  readonly committedToday: { readonly amount: bigint; readonly events: readonly string[] };
  readonly remainingBudget: bigint;
}

export function explainDay(events: readonly KnownEvent[], date: CivilDate, today: CivilDate): Explanation {
  const behind = new EventsBehind(events);
  const { document } = behind;
  const { start, lastDay } = askablePeriod(document, date, today);
  const computed = computeDay({ document, days: behind.days, date, today });
  const { pool, day, daysRemaining } = computed;
  return {
    date,
    periodStart: start,
    periodEnd: lastDay,
    currency: document.plan.currency,
    basis: date > today ? 'planned' : 'recorded',
    provisional: pool.isProvisional,
    terms: poolTerms(behind, computed),
    pool: pool.amount,
    ...before(behind, computed, today),
    available: pool.amount - day.usedBefore,
    daysRemaining,
    dailyBudgetAmount: day.amount,
    spentToday: { amount: day.spent, events: spentOn(behind, date) },
    committedToday: {
      amount: day.committed,
      events: behind.transactions(date, date, ({ committed }) => committed !== undefined),
    },
    remainingBudget: day.remaining,
  };
}

function poolTerms(behind: EventsBehind, { period, pool }: ComputedDay): PoolTerm[] {
  const plan = behind.plan(period);
  const recorded = (name: 'income' | 'extraIncome' | 'committed' | 'saved') =>
    behind.transactions(period.start, period.lastDay, (sums) => sums[name] !== undefined);
  const abovePlan = pool.income - pool.extraIncome - pool.plannedIncome;
  return [
    { term: 'plannedIncome', amount: pool.plannedIncome, events: plan },
    ...whereKnown({ term: 'incomeAbovePlan', amount: abovePlan, events: recorded('income') }),
    ...whereKnown({ term: 'extraIncome', amount: pool.extraIncome, events: recorded('extraIncome') }),
    ...pool.fixedItems.map((item) => fixedTerm(behind, period, item)),
    {
      term: 'savings',
      planned: pool.plannedSavings,
      saved: pool.saved,
      amount: -pool.savings,
      events: [...plan, ...recorded('saved')],
    },
    ...whereKnown({ term: 'committed', amount: -pool.committed, events: recorded('committed') }),
    ...(pool.notGranted === 0n ? [] : [{ term: 'notGranted' as const, amount: -pool.notGranted, events: plan }]),
    ...carryInTerm(behind, pool),
    ...pool.lateBySource.map(({ from, amount }) => {
      return { term: 'late' as const, amount, from, events: behind.lateChanges(from, period) };
    }),
  ];
}

function fixedTerm(behind: EventsBehind, period: BudgetPeriod, item: FixedItem): FixedTerm {
  const { categoryId, planned, actual, isSettled: settled, counted } = item;
  const paid = behind.transactions(period.start, period.lastDay, (sums) => fixedIn(sums, categoryId).lines !== 0);
  const events = [...(planned === 0n ? [] : behind.plan(period)), ...paid, ...behind.settlement(period, categoryId)];
  return { term: 'fixed', categoryId, planned, actual, settled, amount: -counted, events };
}

function carryInTerm(behind: EventsBehind, { carryIn, carryFrom, isProvisional }: ComputedDay['pool']): CarryInTerm[] {
  const period = carryFrom === null ? undefined : periodOf(behind.document.plan.calendar, carryFrom);
  if (period === undefined) return [];
  const { start: from, lastDay } = period;
  const events = isProvisional
    ? [...behind.plan(period), ...behind.settlements(period), ...behind.transactions(from, lastDay)]
    : behind.closing(from);
  return [{ term: 'carryIn', amount: carryIn, from, provisional: isProvisional, events }];
}

function before(behind: EventsBehind, { periodDays, day }: ComputedDay, today: CivilDate): Pick<Explanation, 'spentBefore' | 'expectedBefore'> {
  const earlier = periodDays.filter(({ date }) => date < day.date).map((one, index) => {
    const used = (periodDays[index + 1]?.usedBefore ?? 0n) - one.usedBefore;
    const spent = one.date > today ? 0n : one.spent;
    return { date: one.date, spent, expected: used - spent, events: one.date > today ? [] : spentOn(behind, one.date) };
  });
  const days = earlier.filter(({ events }) => events.length > 0);
  const expected = earlier.filter((one) => one.expected !== 0n);
  return {
    spentBefore: {
      amount: total(days.map(({ spent }) => spent)),
      days: days.map(({ date, spent, events }) => ({ date, amount: spent, events })),
    },
    expectedBefore: {
      amount: total(expected.map((one) => one.expected)),
      days: expected.map((one) => ({ date: one.date, amount: one.expected })),
    },
  };
}

function spentOn(behind: EventsBehind, date: CivilDate): string[] {
  return behind.transactions(date, date, ({ spent }) => spent !== undefined);
}

/** Left out where there is nothing to tell. */
function whereKnown<One extends PoolTerm>(term: One): One[] {
  return term.amount === 0n && term.events.length === 0 ? [] : [term];
}
