import { addDays, invariant, type CivilDate } from '@daybook/kernel';
import type { BudgetPlan } from './budget-plan.js';
import { periodOf, type BudgetPeriod } from './calendar.js';
import type { BudgetDocument, Closing } from './document.js';
import { ownPool, termsOf, total, type PeriodTerms } from './period-terms.js';
import type { EndPolicy } from './policies.js';

/** What a period takes over from the one before it (rule R20). */
export interface CarryIn {
  readonly amount: bigint;
  /** The period before; null for the first one. */
  readonly from: CivilDate | null;
  /** Whether a period before is not closed yet, so that the amount may still change. */
  readonly isProvisional: boolean;
}

/** What entries in a closed period brought into another one after it was closed. */
export interface LateAmount {
  readonly from: CivilDate;
  readonly amount: bigint;
}

export function firstOpenPeriod({ calendar, closed }: BudgetPlan): BudgetPeriod {
  const lastClosed = closed.at(-1);
  return lastClosed === undefined ? firstPeriod(calendar) : periodAfter(calendar, existing(periodOf(calendar, lastClosed)));
}

export function periodAfter(calendar: BudgetPlan['calendar'], { nextStart }: BudgetPeriod): BudgetPeriod {
  return existing(periodOf(calendar, nextStart));
}

export function carryInto(document: BudgetDocument, period: BudgetPeriod, today: CivilDate): CarryIn {
  const carry = carriesInto(document, [period], today).get(period.start);
  invariant(carry !== undefined, 'every period takes something over, if only nothing');
  return carry;
}

/** What each of these periods takes over, in one walk over the open ones: every carry follows from the one before. */
export function carriesInto(
  document: BudgetDocument,
  periods: readonly BudgetPeriod[],
  today: CivilDate,
): ReadonlyMap<CivilDate, CarryIn> {
  const { plan, closings } = document;
  const firstOpen = firstOpenPeriod(plan);
  const carries = new Map<CivilDate, CarryIn>();
  let [before, amount] = [firstOpen, carryOutOfLastClosed(document)];
  for (const { start } of [...periods].sort((left, right) => (left.start < right.start ? -1 : 1))) {
    const from = periodOf(plan.calendar, addDays(start, -1))?.start ?? null;
    const closing = closings[start];
    for (; before.start < start; before = periodAfter(plan.calendar, before)) {
      amount = provisionalCarryOut(document, before, amount, today);
    }
    const known = closing === undefined ? amount : BigInt(closing.carryIn);
    carries.set(start, { amount: known, from, isProvisional: closing === undefined && firstOpen.start < start });
  }
  return carries;
}

/** Oldest first; whatever came in from periods that were cut in another way counts where its day is now. */
export function lateInto({ late }: BudgetDocument, { start, nextStart }: BudgetPeriod): LateAmount[] {
  const targets = Object.keys(late).filter((target) => start <= target && target < nextStart);
  const amounts = targets.flatMap((target) => Object.entries(late[target] ?? {}));
  return amounts.map(([from, amount]) => ({ from: from as CivilDate, amount: BigInt(amount) })).sort(byFrom);
}

/** What closing the first open period writes down: never read from the event, which tells only what a person saw. */
export function closingOf(document: BudgetDocument, period: BudgetPeriod, endPolicy: EndPolicy): Closing {
  const carryIn = carryOutOfLastClosed(document);
  return { endPolicy, carryIn: String(carryIn), carryOut: String(carryOutOf(document, period, carryIn, endPolicy)) };
}

export function carryOutOf(document: BudgetDocument, period: BudgetPeriod, carryIn: bigint, endPolicy: EndPolicy): bigint {
  const terms = termsOf(document, period);
  const received = carryIn + total(lateInto(document, period).map(({ amount }) => amount));
  return terms.isPlanned ? handedOn(surplusAtClose(terms, received), endPolicy) : 0n;
}

/**
 * What a close finds (rule R20). A fixed item with a record, or settled, counts what was paid; one without counts its
 * plan, so that families who write down only their groceries do not gain their rent. Income and savings stay as planned
 * where less was recorded.
 */
export function surplusAtClose(terms: PeriodTerms, received: bigint): bigint {
  const underruns = terms.fixedItems.map(({ counted, actual, lines, isSettled }) => (lines > 0 || isSettled ? counted - actual : 0n));
  return ownPool(terms) + received + total(underruns) - terms.spent;
}

function provisionalCarryOut(document: BudgetDocument, period: BudgetPeriod, carryIn: bigint, today: CivilDate): bigint {
  const { endPolicy } = document.plan;
  if (period.nextStart <= today) return carryOutOf(document, period, carryIn, endPolicy);
  const terms = termsOf(document, period);
  if (!terms.isPlanned || endPolicy === 'reset') return 0n;
  // Its money may still be spent; a deficit is there already.
  return atMostZero(ownPool(terms) + carryIn + total(lateInto(document, period).map(({ amount }) => amount)) - terms.spent);
}

function handedOn(surplus: bigint, endPolicy: EndPolicy): bigint {
  switch (endPolicy) {
    case 'carryBoth':
      return surplus;
    case 'carryDeficitOnly':
    case 'sweepSurplusToSavings':
      return atMostZero(surplus);
    case 'reset':
      return 0n;
    default:
      throw new Error(`unknown end policy ${JSON.stringify(endPolicy satisfies never)}`);
  }
}

function carryOutOfLastClosed({ plan, closings }: BudgetDocument): bigint {
  const lastClosed = plan.closed.at(-1);
  return lastClosed === undefined ? 0n : BigInt(closings[lastClosed]?.carryOut ?? 0);
}

function firstPeriod(calendar: BudgetPlan['calendar']): BudgetPeriod {
  const [first] = calendar;
  return existing(first && periodOf(calendar, first.from));
}

function existing(period: BudgetPeriod | undefined): BudgetPeriod {
  invariant(period !== undefined, 'a budget has periods from its start on, without a gap');
  return period;
}

function atMostZero(amount: bigint): bigint {
  return amount < 0n ? amount : 0n;
}

function byFrom(left: LateAmount, right: LateAmount): number {
  return left.from < right.from ? -1 : Number(left.from > right.from);
}
