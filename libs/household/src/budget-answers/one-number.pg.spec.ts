import { addDays, parseCurrency, parseMoney } from '@daybook/kernel';
import * as fc from 'fast-check';
import { AnswersRig } from '../../../../test/support/answers-rig.js';
import { familyLives, historyOfLife } from '../../../../test/support/family-lives.js';
import { planFor } from '../budget/budget-plan.js';
import { periodOf } from '../budget/calendar.js';

const LIVES = Number(process.env['HISTORIES'] ?? 12);
const minor = (amount: string): bigint => parseMoney(amount, parseCurrency('EUR')).amountMinor;

interface Explained {
  readonly terms: readonly { readonly amount: string; readonly events: readonly string[] }[];
  readonly events: readonly { readonly eventId: string }[];
  readonly pool: string;
  readonly available: string;
  readonly spentBefore: { readonly amount: string };
  readonly expectedBefore: { readonly amount: string };
  readonly spentToday: { readonly amount: string };
  readonly daysRemaining: number;
  readonly dailyBudgetAmount: string;
  readonly remainingBudget: string;
}

describe('whoever asks, however', () => {
  let rig: AnswersRig;
  beforeAll(async () => (rig = await AnswersRig.open()));
  afterAll(() => rig.close());

  it('gets one number: the explanation adds up to it, and the overview has it among its days', async () => {
    await fc.assert(
      fc.asyncProperty(familyLives({ maxLength: 30 }), fc.integer({ min: -60, max: 40 }), async (life, distance) => {
        const history = historyOfLife(life);
        const date = addDays(history.day, distance);
        const period = periodOf(history.document.plan.calendar, date);
        fc.pre(period !== undefined && planFor(history.document.plan, period.start) !== undefined);
        const home = await rig.given(history);

        const { data: number } = await home.calculate({ date });
        const { data } = await home.explain({ date });
        const explained = data as unknown as Explained;
        const terms = explained.terms.reduce((sum, { amount }) => sum + minor(amount), 0n);
        expect(terms).toBe(minor(explained.pool));
        const available = minor(explained.pool) - minor(explained.spentBefore.amount) - minor(explained.expectedBefore.amount);
        expect(available).toBe(minor(explained.available));
        expect(ceiling(available, BigInt(explained.daysRemaining))).toBe(minor(explained.dailyBudgetAmount));
        expect(minor(explained.dailyBudgetAmount) - minor(explained.spentToday.amount)).toBe(minor(explained.remainingBudget));
        const { pool, daysRemaining, dailyBudgetAmount, remainingBudget, provisional } = number;
        expect(data).toMatchObject({ pool, daysRemaining, dailyBudgetAmount, remainingBudget, provisional });
        const known = new Set(explained.events.map(({ eventId }) => eventId));
        expect(explained.terms.flatMap(({ events }) => events).every((event) => known.has(event))).toBe(true);

        const { data: overview } = await home.overview({ period: date });
        const day = (overview['days'] as { date: string }[]).find((one) => one.date === date);
        expect(day).toMatchObject({ dailyBudgetAmount, spent: number['spentToday'], remaining: remainingBudget, committed: number['committedToday'] });
        expect(overview).toMatchObject({ period: number['periodStart'], pool, provisional });
      }),
      { numRuns: LIVES },
    );
  }, 20_000 + LIVES * 4_000);
});

/** The first of equal parts, which has the unit that does not come out even. */
function ceiling(total: bigint, parts: bigint): bigint {
  const down = total / parts;
  return total > 0n && down * parts !== total ? down + 1n : down;
}
