import { addDays, parseCivilDate } from '@daybook/kernel';
import * as fc from 'fast-check';
import { AnswersRig, type ToldFamily } from '../../../../test/support/answers-rig.js';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { familyLives, historyOfLife } from '../../../../test/support/family-lives.js';
import { answerOf } from '../../../../test/support/shown-numbers.js';
import type { Answer } from '../../../../test/support/vectors.js';
import { planFor } from '../budget/budget-plan.js';
import { periodOf } from '../budget/calendar.js';
import { dailyBudget } from '../budget/daily-budget.js';
import type { BudgetDocument } from '../budget/document.js';
import { evolveBudget, type BudgetEvent } from '../budget/fold-budget.js';
import { addEntry, entriesOf, NO_SUMS, type Sums } from '../budget/sums.js';
import type { HouseholdEvent } from '../family/family-events.js';

const LIVES = Number(process.env['HISTORIES'] ?? 12);
const bob: HouseholdEvent = { type: 'MemberJoined', data: { userId: 'bob', role: 'member', via: 'founding' } };

describe('an answer as it was known', () => {
  let rig: AnswersRig;
  beforeEach(async () => (rig = await AnswersRig.open()));
  afterEach(() => rig.close());

  /** Vector 10: 50.00 on 10 April, and on the 11th 30.00 for the 9th. */
  const backDated = async (): Promise<ToldFamily> =>
    rig.given(new FamilyHistory().on('2026-04-10').spends(5_000).on('2026-04-11').spends(3_000, '2026-04-09'));
  const amountOf = async (home: ToldFamily, args: object) => (await home.calculate({ ...args })).data['dailyBudgetAmount'];

  it('is what was shown then, whatever is known now (vector V10)', async () => {
    const home = await backDated();
    expect(await amountOf(home, { date: '2026-04-10' })).toBe('117.62');
    expect(await amountOf(home, { date: '2026-04-10', asAt: '2026-04-10T23:59:59Z' })).toBe('119.05');
    expect(await amountOf(home, { date: '2026-04-10', asAt: home.position(-2) })).toBe('119.05');
    expect(await amountOf(home, { date: '2026-04-10', asAt: home.position(-1) })).toBe('117.62');
    expect(await amountOf(home, { date: '2026-04-10', asAt: '2026-04-11T23:59:59Z' })).toBe('117.62');
  });

  it('names the position it stands for: of an instant the last one recorded by then', async () => {
    const home = await backDated();
    const positionOf = async (asAt: string) => home.token((await home.calculate({ date: '2026-04-10', asAt })).position);
    expect(await positionOf('2026-04-10T23:59:59Z')).toBe(home.position(-2));
    expect(await positionOf(home.position(-2))).toBe(home.position(-2));
    expect(await positionOf('2026-04-30T00:00:00Z')).toBe(home.position(-1));
  });

  it('asks for the day that is named, which is today where none is, and counts days to come from the day of knowledge', async () => {
    const home = await backDated();
    home.itIs(parseCivilDate('2026-04-20'));
    const { data } = await home.calculate({ asAt: '2026-04-10T12:00:00Z' });
    // On the 10th nothing was known of the 11th to the 19th but the plan.
    expect(data).toMatchObject({ date: '2026-04-20', today: '2026-04-10', dailyBudgetAmount: '119.05' });
    expect((await home.calculate({ asAt: home.position(-2) })).data).toEqual(data);
    expect((await home.explain({ asAt: home.position(-2) })).data).toMatchObject({ basis: 'planned', dailyBudgetAmount: '119.05' });
  });

  it('of a moment that is yet to come is the one of now', async () => {
    const home = await backDated();
    const [now, then] = [await home.calculate(), await home.calculate({ asAt: '2099-01-01T00:00:00Z' })];
    expect(then.data).toEqual(now.data);
  });

  it('has the overview, the periods and the explanation of then', async () => {
    const home = await rig.given(new FamilyHistory().spends(5_000).on('2026-05-02').closes());
    const asAt = home.position(-2);
    expect((await home.overview({ period: '2026-04-01', asAt })).data).toMatchObject({ status: 'open', today: '2026-04-01', spent: '50.00' });
    expect((await home.overview({ period: '2026-04-01' })).data).toMatchObject({ status: 'closed', today: '2026-05-02' });
    expect((await home.periods({ asAt })).data['periods']).toMatchObject([{ period: '2026-04-01', status: 'open' }]);
    expect((await home.periods()).data['periods']).toMatchObject([{ period: '2026-05-01' }, { period: '2026-04-01', status: 'closed' }]);
    const events = (await home.explain({ date: '2026-05-01', asAt })).data['events'] as { type: string }[];
    expect(events.map(({ type }) => type)).not.toContain('PeriodClosed');
  });

  it('is for managers', async () => {
    const home = await rig.given(new FamilyHistory().happens(bob));
    const asAt = '2026-04-01T12:00:00Z';
    for (const ask of [home.calculate, home.explain, home.overview, home.periods]) {
      await expect(ask.call(home, { asAt }, 'bob')).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(ask.call(home, { asAt }, 'eve')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect((await home.calculate({}, 'bob')).data).toMatchObject({ pool: '2500.00' });
  });

  it('does not exist for a time before the family did', async () => {
    const home = await rig.given(new FamilyHistory());
    const before = home.token((home.narrator.told[0]?.position ?? 0n) - 1n);
    for (const asAt of ['2026-03-31T23:00:00Z', '0001-01-01T00:00:00Z', before]) {
      await expect(home.calculate({ asAt })).rejects.toMatchObject({
        code: 'DATE_OUT_OF_RANGE',
        data: { errors: [{ pointer: '/asAt', code: 'before_creation' }] },
      });
    }
  });

  it('refuses a position of another log, with the one to begin again from, and waits for one that is still to come', async () => {
    const home = await rig.given(new FamilyHistory());
    await expect(home.calculate({ asAt: '00000000-0000000000000001' })).rejects.toMatchObject({
      code: 'POSITION_OTHER_LOG',
      data: { errors: [{ pointer: '/asAt' }], current: home.position(-1) },
    });
    await expect(home.calculate({ asAt: '00000000-0000000000000001' }, 'eve')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const ahead = home.token((home.narrator.told.at(-1)?.position ?? 0n) + 1n);
    await expect(home.calculate({ asAt: ahead }, 'ada', { timeoutMs: 20 })).rejects.toMatchObject({ code: 'PROJECTION_BEHIND' });
  });

  it('is at any position what the folds made of the events up to it, and what the number said on that day', async () => {
    const cuts = fc.array(fc.nat(), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(familyLives({ maxLength: 25 }), cuts, fc.integer({ min: -40, max: 40 }), async (life, places, distance) => {
        const home = await rig.given(historyOfLife(life));
        const { told } = home.narrator;
        for (const index of places.map((place) => place % told.length)) {
          const expected = numberKnownBy(told.slice(0, index + 1).map(({ event }) => event), distance);
          if (expected === null) continue;
          const { data, position } = await home.calculate({ date: expected.date, asAt: home.position(index) });
          expect(answerOf(data)).toMatchObject(expected);
          expect(home.token(position)).toBe(home.position(index));
        }
      }),
      { numRuns: LIVES },
    );
  }, 20_000 + LIVES * 3_000);
});

/** The pure function on a fold of these events, asked on the day of the last one; null where there is no number. */
function numberKnownBy(events: readonly BudgetEvent[], distance: number): (Answer & { date: string }) | null {
  const document = events.reduce<BudgetDocument | null>(evolveBudget, null);
  if (document === null) return null;
  const today = parseCivilDate(events.at(-1)?.on ?? '');
  const date = addDays(today, distance);
  const period = periodOf(document.plan.calendar, date);
  if (period === undefined || planFor(document.plan, period.start) === undefined) return null;
  const days = new Map<string, Sums>();
  for (const event of events) {
    const isEntry = event.type === 'TransactionRecorded' || event.type === 'TransactionAmended' || event.type === 'TransactionVoided';
    for (const entry of isEntry ? entriesOf(event) : []) {
      days.set(entry.content.date, addEntry(days.get(entry.content.date) ?? NO_SUMS, entry));
    }
  }
  const { plan, ...day } = dailyBudget({ document, days, date, today });
  const minor = Object.fromEntries(Object.entries(day).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]));
  return { ...minor, date, plan: plan.map(({ amount }) => Number(amount)) };
}
