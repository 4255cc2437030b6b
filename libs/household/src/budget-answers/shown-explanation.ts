import { formatPosition, type LogIdentity } from '@daybook/eventsourcing';
import type { ProjectedEvent } from '@daybook/projections';
import { z } from 'zod';
import type { Explanation, PoolTerm } from '../budget/explain.js';
import type { Known } from './known.js';
import { momentOf, momentSchema, writtenIn } from './shown-day.js';

const amount = z.string();
/** Ids of `events`, in the order in which they happened. */
const events = z.array(z.uuid());
const plain = { amount, events };

const termSchema = z.discriminatedUnion('term', [
  z.object({ term: z.enum(['plannedIncome', 'incomeAbovePlan', 'extraIncome', 'committed', 'notGranted']), ...plain }),
  z.object({ term: z.literal('fixed'), ...plain, categoryId: z.string(), planned: z.string(), actual: z.string(), settled: z.boolean() }),
  z.object({ term: z.literal('savings'), ...plain, planned: z.string(), saved: z.string() }),
  z.object({ term: z.literal('carryIn'), ...plain, from: z.iso.date(), provisional: z.boolean() }),
  z.object({ term: z.literal('late'), ...plain, from: z.iso.date() }),
]);

export const shownExplanationSchema = z.object({
  ...momentSchema,
  date: z.iso.date(),
  periodStart: z.iso.date(),
  periodEnd: z.iso.date(),
  /** planned: the day is after today, and the days before it are taken as the plan has them. */
  basis: z.enum(['recorded', 'planned']),
  provisional: z.boolean(),
  /** They add up to the pool; what takes from it is negative. */
  terms: z.array(termSchema),
  pool: amount,
  spentBefore: z.object({ amount, days: z.array(z.object({ date: z.iso.date(), ...plain })) }),
  /** What the plan expects the days from today on to spend before this one. */
  expectedBefore: z.object({ amount, days: z.array(z.object({ date: z.iso.date(), amount })) }),
  /** pool − spentBefore − expectedBefore */
  available: amount,
  daysRemaining: z.int(),
  /** The first of as many equal parts of what is available; a part that does not come out even is a unit more. */
  dailyBudgetAmount: amount,
  spentToday: z.object(plain),
  committedToday: z.object(plain),
  remainingBudget: amount,
  /** Every event named above: what it was, who did it, when, and where it stands in the log. */
  events: z.array(z.object({ eventId: z.uuid(), type: z.string(), at: z.string(), by: z.string(), position: z.string() })),
});

export type ShownExplanation = z.input<typeof shownExplanationSchema>;

export function shownExplanation(
  known: Known,
  explanation: Explanation,
  history: readonly ProjectedEvent[],
  log: LogIdentity,
): ShownExplanation {
  const written = writtenIn(known.currency);
  const { terms, spentBefore, expectedBefore, spentToday, committedToday } = explanation;
  return {
    ...momentOf(known),
    date: explanation.date,
    periodStart: explanation.periodStart,
    periodEnd: explanation.periodEnd,
    basis: explanation.basis,
    provisional: explanation.provisional,
    terms: terms.map((term) => shownTerm(term, written)),
    pool: written(explanation.pool),
    spentBefore: {
      amount: written(spentBefore.amount),
      days: spentBefore.days.map((day) => ({ ...day, amount: written(day.amount), events: [...day.events] })),
    },
    expectedBefore: {
      amount: written(expectedBefore.amount),
      days: expectedBefore.days.map((day) => ({ ...day, amount: written(day.amount) })),
    },
    available: written(explanation.available),
    daysRemaining: explanation.daysRemaining,
    dailyBudgetAmount: written(explanation.dailyBudgetAmount),
    spentToday: { amount: written(spentToday.amount), events: [...spentToday.events] },
    committedToday: { amount: written(committedToday.amount), events: [...committedToday.events] },
    remainingBudget: written(explanation.remainingBudget),
    events: eventsNamed(explanation, history, log),
  };
}

function shownTerm(one: PoolTerm, written: (amountMinor: bigint) => string): ShownExplanation['terms'][number] {
  const common = { amount: written(one.amount), events: [...one.events] };
  switch (one.term) {
    case 'fixed': {
      const { term, categoryId, planned, actual, settled } = one;
      return { term, ...common, categoryId, planned: written(planned), actual: written(actual), settled };
    }
    case 'savings':
      return { term: one.term, ...common, planned: written(one.planned), saved: written(one.saved) };
    case 'carryIn':
      return { term: one.term, ...common, from: one.from, provisional: one.provisional };
    case 'late':
      return { term: one.term, ...common, from: one.from };
    case 'plannedIncome':
    case 'incomeAbovePlan':
    case 'extraIncome':
    case 'committed':
    case 'notGranted':
      return { term: one.term, ...common };
    default:
      throw new Error(`unknown term ${JSON.stringify(one satisfies never)}`);
  }
}

function eventsNamed(
  { terms, spentBefore, spentToday, committedToday }: Explanation,
  history: readonly ProjectedEvent[],
  log: LogIdentity,
): ShownExplanation['events'] {
  const named = new Set([...terms, ...spentBefore.days, spentToday, committedToday].flatMap((line) => line.events));
  return history
    .filter(({ id }) => named.has(id))
    .map(({ id, type, recordedAt, actor, position }) => {
      return { eventId: id, type, at: recordedAt, by: actor, position: formatPosition(log, BigInt(`0x${position}`)) };
    });
}
