import { parseCivilDate, type CivilDate } from '@daybook/kernel';
import type { FamilyEvent, HouseholdEvent } from '../household-events.js';
import { evolveBudgetPlan } from './budget-plan.js';
import { periodOf, type BudgetPeriod } from './calendar.js';
import { carryOutOf, closingOf, firstOpenPeriod } from './carry.js';
import type { BudgetDocument } from './document.js';
import { keyedEntry, keyedEvent, withFixedCategories } from './fixed-keys.js';
import { addEntry, addSums, entriesOf, isNothing, NO_SUMS, type Entry, type Sums } from './sums.js';

/** A fact of the household, and the family's civil day on which it was decided. */
export type BudgetEvent = HouseholdEvent & { readonly on: string };

/** Parts that an event does not touch keep their identity. */
export function evolveBudget(before: BudgetDocument | null, event: BudgetEvent): BudgetDocument {
  const document = withHorizon(before ?? opened(event), parseCivilDate(event.on));
  if (event.type === 'TransactionRecorded' || event.type === 'TransactionAmended' || event.type === 'TransactionVoided') {
    return entriesOf(event).reduce(withEntry, document);
  }
  const { closings, late } = document;
  const decided = withPlan(withFixedCategories(document, event), event);
  if (event.type === 'PeriodClosed') {
    const closing = closingOf(document, periodAt(document, event.data.period), event.data.endPolicy);
    return { ...decided, closings: { ...closings, [event.data.period]: closing } };
  }
  if (event.type === 'PeriodReopened') {
    return { ...decided, closings: without(closings, event.data.period), late: withoutSource(late, event.data.period) };
  }
  return decided;
}

function opened(event: BudgetEvent): BudgetDocument {
  if (event.type !== 'FamilyCreated') throw new Error(`${event.type} of a family that was never created`);
  const plan = evolveBudgetPlan(null, event);
  if (plan === null) throw new Error('a family was created without a plan');
  return { plan, fixedCategories: [], ended: {}, days: {}, horizon: event.data.budgetStartDate, closings: {}, late: {} };
}

function withPlan(document: BudgetDocument, event: FamilyEvent): BudgetDocument {
  const plan = evolveBudgetPlan(document.plan, keyedEvent(document, event));
  return plan === null || plan === document.plan ? document : { ...document, plan };
}

/**
 * A new start day counts from the end of the period that runs when it is asked for. So all days up to there can no
 * longer be cut in another way, and only their sum is kept.
 */
function withHorizon(document: BudgetDocument, on: CivilDate): BudgetDocument {
  if (on < document.horizon) return document;
  const reached = periodOf(document.plan.calendar, on)?.nextStart;
  if (reached === undefined) return document;
  const over = Object.entries(document.days).filter(([date]) => date < reached);
  if (over.length === 0) return { ...document, horizon: reached };
  const ended = { ...document.ended };
  for (const [date, sums] of over) {
    const key = periodOf(document.plan.calendar, date as CivilDate)?.start ?? date;
    ended[key] = addSums(ended[key] ?? NO_SUMS, sums);
  }
  return { ...document, horizon: reached, ended, days: without(document.days, ...over.map(([date]) => date)) };
}

function withEntry(document: BudgetDocument, entry: Entry): BudgetDocument {
  const { date } = entry.content;
  const { horizon, days, ended } = document;
  const keyed = keyedEntry(document, entry);
  const period = periodOf(document.plan.calendar, date);
  const next = date < horizon
    ? { ...document, ended: withSums(ended, period?.start ?? date, keyed) }
    : { ...document, days: withSums(days, date, keyed) };
  return period === undefined ? next : withLate(document, next, period);
}

/**
 * An entry in a closed period keeps its day; what it changes of the money that period handed on goes to the first
 * period that is open (rule R20).
 */
function withLate(before: BudgetDocument, after: BudgetDocument, period: BudgetPeriod): BudgetDocument {
  const closing = before.closings[period.start];
  if (closing === undefined) return after;
  const [handedOn, handsOn] = [before, after].map((document) =>
    carryOutOf(document, period, BigInt(closing.carryIn), closing.endPolicy),
  );
  const change = (handsOn ?? 0n) - (handedOn ?? 0n);
  if (change === 0n) return after;
  const target = firstOpenPeriod(after.plan).start;
  const { [period.start]: arrived = '0', ...others } = after.late[target] ?? {};
  const amount = BigInt(arrived) + change;
  const sources = amount === 0n ? others : { ...others, [period.start]: String(amount) };
  return { ...after, late: withOrWithout(after.late, target, sources) };
}

function withSums(all: Record<string, Sums>, key: string, entry: Entry): Record<string, Sums> {
  const sums = addEntry(all[key] ?? NO_SUMS, entry);
  return isNothing(sums) ? without(all, key) : { ...all, [key]: sums };
}

function withoutSource(late: BudgetDocument['late'], source: CivilDate): BudgetDocument['late'] {
  const targets = Object.keys(late).filter((target) => late[target]?.[source] !== undefined);
  return targets.reduce((rest, target) => withOrWithout(rest, target, without(rest[target] ?? {}, source)), late);
}

/** An entry of a record, or no entry where it would be empty. */
function withOrWithout<Value extends object>(all: Record<string, Value>, key: string, value: Value): Record<string, Value> {
  return Object.keys(value).length === 0 ? without(all, key) : { ...all, [key]: value };
}

function without<Value>(all: Record<string, Value>, ...keys: readonly string[]): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key)));
}

function periodAt({ plan }: BudgetDocument, start: CivilDate): BudgetPeriod {
  const period = periodOf(plan.calendar, start);
  if (period === undefined) throw new Error('a period was closed that is before the budget');
  return period;
}
