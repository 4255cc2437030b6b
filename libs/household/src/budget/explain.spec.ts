import { addDays, allocate, parseCivilDate } from '@daybook/kernel';
import * as fc from 'fast-check';
import { HOME, spending } from '../../../../test/support/budget-events.js';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { familiesCarrying, lifeOf, steps, tries } from '../../../../test/support/random-lives.js';
import { defaultCategoryId } from '../family/default-categories.js';
import type { KnownEvent } from './events-behind.js';
import { explainDay, type Explanation, type PoolTerm } from './explain.js';
import { total } from './period-terms.js';
import { END_POLICIES } from './policies.js';

const RENT = defaultCategoryId(HOME, 'fixed');

/** Ids that say what they are: the type, and how many of the type came before. */
function known(life: FamilyHistory): KnownEvent[] {
  const seen = new Map<string, number>();
  return life.events.map((event) => {
    const count = (seen.get(event.type) ?? 0) + 1;
    seen.set(event.type, count);
    return { ...event, id: `${event.type} ${count}` };
  });
}

const explained = (life: FamilyHistory, date: string, today: string = life.day): Explanation =>
  explainDay(known(life), parseCivilDate(date), parseCivilDate(today));
const term = <Name extends PoolTerm['term']>({ terms }: Explanation, name: Name) =>
  terms.filter((one): one is Extract<PoolTerm, { term: Name }> => one.term === name);

describe('the explanation of a day', () => {
  it('names every line of the pool and the events behind it', () => {
    const life = new FamilyHistory()
      .earns(520_000)
      .earns(1_000, 'extra')
      .pays(215_000)
      .saves(60_000)
      .spends(3_000, '2026-04-20')
      .spends(4_500)
      .on('2026-04-02')
      .spends(700);
    expect(explained(life, '2026-04-02')).toStrictEqual({
      date: '2026-04-02',
      periodStart: '2026-04-01',
      periodEnd: '2026-04-30',
      currency: 'EUR',
      basis: 'recorded',
      provisional: false,
      terms: [
        { term: 'plannedIncome', amount: 500_000n, events: ['BudgetPlanSet 1'] },
        { term: 'incomeAbovePlan', amount: 20_000n, events: ['TransactionRecorded 1'] },
        { term: 'extraIncome', amount: 1_000n, events: ['TransactionRecorded 2'] },
        {
          term: 'fixed',
          categoryId: RENT,
          planned: 200_000n,
          actual: 215_000n,
          settled: false,
          amount: -215_000n,
          events: ['BudgetPlanSet 1', 'TransactionRecorded 3'],
        },
        { term: 'savings', planned: 50_000n, saved: 60_000n, amount: -60_000n, events: ['BudgetPlanSet 1', 'TransactionRecorded 4'] },
        { term: 'committed', amount: -3_000n, events: ['TransactionRecorded 5'] },
      ],
      pool: 243_000n,
      spentBefore: { amount: 4_500n, days: [{ date: '2026-04-01', amount: 4_500n, events: ['TransactionRecorded 6'] }] },
      expectedBefore: { amount: 0n, days: [] },
      available: 238_500n,
      daysRemaining: 29,
      dailyBudgetAmount: 8_225n,
      spentToday: { amount: 700n, events: ['TransactionRecorded 7'] },
      committedToday: { amount: 0n, events: [] },
      remainingBudget: 7_525n,
    });
  });

  it('tells of an amended entry all that was said about it, and of a voided one nothing', () => {
    const life = new FamilyHistory().spends(4_500, '2026-04-01', 'shoes').spends(900, '2026-04-01', 'bread');
    life.amends('shoes', spending('2026-04-01', 5_400)).voids('bread').on('2026-04-02');
    const { spentBefore } = explained(life, '2026-04-02');
    expect(spentBefore).toStrictEqual({
      amount: 5_400n,
      days: [{ date: '2026-04-01', amount: 5_400n, events: ['TransactionRecorded 1', 'TransactionAmended 1'] }],
    });
  });

  it('shows the day of a commitment', () => {
    const life = new FamilyHistory().spends(3_000, '2026-04-20').on('2026-04-20');
    expect(explained(life, '2026-04-20').committedToday).toStrictEqual({ amount: 3_000n, events: ['TransactionRecorded 1'] });
  });

  it('leaves out lines about which there is nothing to tell', () => {
    expect(explained(new FamilyHistory(), '2026-04-01').terms.map((one) => one.term)).toStrictEqual(['plannedIncome', 'fixed', 'savings']);
  });

  it('names the last plan that counts, and the settlement of a fixed item', () => {
    const life = new FamilyHistory().pays(150_000).plans({ savings: 40_000 }).settles(RENT).on('2026-05-02').settles(RENT);
    expect(term(explained(life, '2026-04-30'), 'fixed')).toStrictEqual([
      {
        term: 'fixed',
        categoryId: RENT,
        planned: 200_000n,
        actual: 150_000n,
        settled: true,
        amount: -150_000n,
        events: ['BudgetPlanSet 2', 'TransactionRecorded 1', 'FixedItemSettled 1'],
      },
    ]);
  });

  it('names a fixed item nobody planned without the plan', () => {
    const [, travel] = term(explained(new FamilyHistory().pays(500, 'travel'), '2026-04-01'), 'fixed');
    expect(travel).toMatchObject({ categoryId: 'travel', planned: 0n, amount: -500n, events: ['TransactionRecorded 1'] });
  });

  it('leads a carry that may still change to the period before, and a final one to its close', () => {
    const life = new FamilyHistory().settles(RENT).on('2026-04-30').spends(455_000).on('2026-05-01').spends(100);
    expect(term(explained(life, '2026-05-01'), 'carryIn')).toStrictEqual([
      {
        term: 'carryIn',
        amount: -5_000n,
        from: '2026-04-01',
        provisional: true,
        events: ['BudgetPlanSet 1', 'FixedItemSettled 1', 'TransactionRecorded 1'],
      },
    ]);
    expect(explained(life, '2026-05-01').provisional).toBe(true);
    expect(term(explained(life.closes(), '2026-05-01'), 'carryIn')).toStrictEqual([
      { term: 'carryIn', amount: -5_000n, from: '2026-04-01', provisional: false, events: ['PeriodClosed 1'] },
    ]);
    life.reopens().closes();
    expect(term(explained(life, '2026-05-01'), 'carryIn')).toMatchObject([{ events: ['PeriodClosed 2'] }]);
  });

  it('says of late entries which closed period they are in, and not what was taken back', () => {
    const life = new FamilyHistory().spends(1_000, '2026-04-01', 'early').on('2026-05-03').closes();
    life.spends(300, '2026-04-10', 'late').spends(9_000, '2026-04-11', 'wrong').voids('wrong').voids('early');
    expect(term(explained(life, '2026-05-03'), 'late')).toStrictEqual([
      { term: 'late', amount: 700n, from: '2026-04-01', events: ['TransactionRecorded 2', 'TransactionVoided 2'] },
    ]);
    life.on('2026-06-02').closes();
    expect(term(explained(life, '2026-06-02'), 'late')).toStrictEqual([]);
    expect(term(explained(life, '2026-05-03'), 'late')).toHaveLength(1);
    life.reopens().reopens().closes();
    expect(term(explained(life, '2026-05-03'), 'late')).toStrictEqual([]);
  });

  it('keeps apart what came late from several periods, into several periods, and before and after a reopening', () => {
    const life = new FamilyHistory().on('2026-06-02').closes().spends(1, '2026-04-10').closes().spends(2, '2026-04-10').spends(3, '2026-05-10');
    const late = (date: string) => term(explained(life, date), 'late').map(({ from, amount, events }) => [from, amount, ...events]);
    expect(late('2026-05-02')).toStrictEqual([['2026-04-01', -1n, 'TransactionRecorded 1']]);
    expect(late('2026-06-02')).toStrictEqual([['2026-04-01', -2n, 'TransactionRecorded 2'], ['2026-05-01', -3n, 'TransactionRecorded 3']]);
    life.reopens().closes().spends(4, '2026-05-10');
    expect(late('2026-05-02')).toStrictEqual([['2026-04-01', -1n, 'TransactionRecorded 1']]);
    expect(late('2026-06-02')).toStrictEqual([['2026-04-01', -2n, 'TransactionRecorded 2'], ['2026-05-01', -4n, 'TransactionRecorded 4']]);
  });

  it('tells of a provisional carry only what is in the period it comes from', () => {
    const life = new FamilyHistory().settles(RENT).spends(1).on('2026-05-10').settles(RENT).spends(2).on('2026-06-02').settles(RENT).spends(3);
    expect(term(explained(life, '2026-06-02'), 'carryIn')).toMatchObject([
      { from: '2026-05-01', events: ['BudgetPlanSet 1', 'FixedItemSettled 2', 'TransactionRecorded 2'] },
    ]);
  });

  it('names once an amendment that moved money inside a closed period', () => {
    const life = new FamilyHistory().on('2026-05-03').closes().spends(300, '2026-04-10', 'late');
    life.amends('late', spending('2026-04-12', 500));
    expect(term(explained(life, '2026-05-03'), 'late')).toStrictEqual([
      { term: 'late', amount: -500n, from: '2026-04-01', events: ['TransactionRecorded 1', 'TransactionAmended 1'] },
    ]);
  });

  it('shows what a stub does not get of the plan', () => {
    const life = new FamilyHistory().startsMonthsOn(25).on('2026-04-30').spends(250_000);
    expect(term(explained(life.on('2026-05-01'), '2026-05-01'), 'notGranted')).toStrictEqual([
      { term: 'notGranted', amount: -56_452n, events: ['BudgetPlanSet 1'] },
    ]);
  });

  it('takes the days up to a coming one as the plan has them', () => {
    const life = new FamilyHistory().spends(5_000);
    expect(explained(life, '2026-04-03')).toMatchObject({
      basis: 'planned',
      spentBefore: { amount: 5_000n },
      expectedBefore: {
        amount: 11_668n,
        days: [
          { date: '2026-04-01', amount: 3_334n },
          { date: '2026-04-02', amount: 8_334n },
        ],
      },
      available: 233_332n,
      daysRemaining: 28,
      dailyBudgetAmount: 8_334n,
    });
  });

  it('is refused for the days that have no number', () => {
    expect(() => explained(new FamilyHistory(), '2026-03-31')).toThrow('BEFORE_BUDGET_START');
    expect(() => explainDay([], parseCivilDate('2026-04-01'), parseCivilDate('2026-04-01'))).toThrow('without events');
  });

  it('adds up to the number that is answered, whatever happened', () => {
    fc.assert(
      fc.property(familiesCarrying(...END_POLICIES), steps, fc.nat(300), fc.integer({ min: -40, max: 40 }), (family, taken, far, ahead) => {
        const life = lifeOf(family, taken);
        const date = addDays(parseCivilDate('2026-01-12'), far);
        const today = addDays(life.day, ahead);
        const events = known(life);
        const explanation = explainDay(events, date, today);
        const { terms, pool, spentBefore, expectedBefore, available, daysRemaining, dailyBudgetAmount, spentToday } = explanation;
        expect(life.asks(date, today)).toMatchObject({
          pool,
          daysRemaining,
          dailyBudgetAmount,
          spentToday: spentToday.amount,
          committedToday: explanation.committedToday.amount,
          remainingBudget: explanation.remainingBudget,
          provisional: explanation.provisional,
        });
        expect(total(terms.map(({ amount }) => amount))).toBe(pool);
        expect(pool - spentBefore.amount - expectedBefore.amount).toBe(available);
        expect(total(spentBefore.days.map(({ amount }) => amount))).toBe(spentBefore.amount);
        expect(allocate(available, daysRemaining)[0]).toBe(dailyBudgetAmount);
        expect(dailyBudgetAmount - spentToday.amount).toBe(explanation.remainingBudget);
        const ids = new Set(events.map(({ id }) => id));
        const mentioned = [...terms, ...spentBefore.days, spentToday].flatMap((line) => line.events);
        expect(mentioned.filter((id) => !ids.has(id))).toStrictEqual([]);
        expect(terms.filter(({ amount, events: behind }) => amount !== 0n && behind.length === 0)).toStrictEqual([]);
      }),
      tries(400),
    );
  });
});
