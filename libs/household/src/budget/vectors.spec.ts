import { addDays, parseCivilDate } from '@daybook/kernel';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { periodOf, periodsBetween } from './calendar.js';
import { latestDate, todayIn } from './today.js';
import { poolOf } from './pool.js';

const date = parseCivilDate;
const april = (day: number): string => `2026-04-${String(day).padStart(2, '0')}`;
/** [[count, amount], …] written out. */
const runs = (...pairs: [number, bigint][]) => pairs.flatMap(([count, amount]) => Array<bigint>(count).fill(amount));

/** The base case: 5000.00 − 2000.00 − 500.00 euros for April 2026. */
const family = () => new FamilyHistory();
/** A family with nothing but this pool. */
const withPool = (pool: number, more: ConstructorParameters<typeof FamilyHistory>[0] = {}) =>
  new FamilyHistory(more, { income: pool, fixed: 0, savings: 0 });

/** On each of these days it spends just what the day allows. */
function spendsToPlan(history: FamilyHistory, first: number, last: number): bigint[] {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const { dailyBudgetAmount } = history.on(april(first + index)).asks(april(first + index));
    history.spends(Number(dailyBudgetAmount));
    return dailyBudgetAmount;
  });
}

const spendsDaily = (history: FamilyHistory, first: number, last: number, amount: number): FamilyHistory => {
  for (let day = first; day <= last; day += 1) history.on(april(day)).spends(amount);
  return history;
};

describe('the vectors of the daily number', () => {
  it('V1: a first day on which nothing was spent', () => {
    expect(family().asks(april(1))).toMatchObject({
      date: april(1),
      periodStart: april(1),
      periodEnd: april(30),
      currency: 'EUR',
      daysRemaining: 30,
      dailyBudgetAmount: 8_334n,
      spentToday: 0n,
      remainingBudget: 8_334n,
      spendableToday: 8_334n,
      overspentBy: 0n,
      committedToday: 0n,
      remainingInPeriod: 250_000n,
      pool: 250_000n,
      provisional: false,
    });
  });

  it('V2: spending each day its amount ends at nothing', () => {
    const home = family();
    expect(spendsToPlan(home, 1, 30)).toEqual(runs([10, 8_334n], [20, 8_333n]));
    expect(home.asks(april(30))).toMatchObject({ remainingBudget: 0n, remainingInPeriod: 0n, overspentBy: 0n });
  });

  it('V3: what is overspent on a day is shared by the days after it', () => {
    const home = family().spends(10_000);
    expect(home.asks(april(1))).toMatchObject({ remainingBudget: -1_666n, overspentBy: 1_666n, spendableToday: 0n });
    expect(home.on(april(2)).asks(april(2)).dailyBudgetAmount).toBe(8_276n);
  });

  it('V4: what is left over is shared by the days after it', () => {
    const home = family().spends(5_000);
    expect(home.on(april(2)).asks(april(2)).dailyBudgetAmount).toBe(8_449n);
  });

  it('V5: the last day has all that is left', () => {
    expect(spendsDaily(family(), 1, 29, 8_333).on(april(30)).asks(april(30))).toMatchObject({ daysRemaining: 1, dailyBudgetAmount: 8_343n });
  });

  it('V6: a pool that is overspent', () => {
    const home = withPool(10_000).on(april(20)).spends(10_100).on(april(28));
    const { plan, ...day } = home.asks(april(28));
    expect(day).toMatchObject({ dailyBudgetAmount: -33n, spendableToday: 0n, overspentBy: 33n });
    expect(plan).toEqual([
      { date: april(28), amount: -33n },
      { date: april(29), amount: -33n },
      { date: april(30), amount: -34n },
    ]);
  });

  it.each([
    ['2026-02-01', 8_929n, 28],
    ['2028-02-01', 8_621n, 29],
  ])('V7: February from %s', (budgetStartDate, dailyBudgetAmount, daysRemaining) => {
    expect(new FamilyHistory({ budgetStartDate }).asks(budgetStartDate)).toMatchObject({ dailyBudgetAmount, daysRemaining });
  });

  it.each([
    ['V8', 'JPY', 100_000, runs([25, 3_226n], [6, 3_225n])],
    ['V9', 'KWD', 310_005, runs([5, 10_001n], [26, 10_000n])],
  ])('%s: minor units of %s', (_, currency, pool, amounts) => {
    const { plan, ...day } = withPool(pool, { currency, budgetStartDate: '2026-05-01' }).asks('2026-05-01');
    expect(day.currency).toBe(currency);
    expect(plan.map(({ amount }) => amount)).toEqual(amounts);
  });

  it('V10: an entry for an earlier day restates the days after it', () => {
    const home = family().on(april(10)).spends(5_000);
    expect(home.asks(april(10)).dailyBudgetAmount).toBe(11_905n);
    expect(home.on(april(11)).asks(april(11)).dailyBudgetAmount).toBe(12_250n);
    home.spends(3_000, april(9));
    expect(home.asks(april(11)).dailyBudgetAmount).toBe(12_100n);
    expect(home.asks(april(10))).toMatchObject({ dailyBudgetAmount: 11_762n, remainingBudget: 6_762n });
  });

  it('V11: a refund counts on its own day', () => {
    const home = family().spends(10_000).on(april(15)).isRefunded(6_000);
    expect(home.asks(april(15))).toMatchObject({ dailyBudgetAmount: 15_000n, spentToday: -6_000n, remainingBudget: 21_000n });
    expect(home.on(april(16)).asks(april(16)).dailyBudgetAmount).toBe(16_400n);
  });

  it('V12: a plan that is changed inside its period', () => {
    const home = spendsDaily(family(), 1, 10, 8_000).on(april(11));
    expect(home.asks(april(11)).dailyBudgetAmount).toBe(8_500n);
    expect(home.plans({ savings: 90_000 }).asks(april(11)).dailyBudgetAmount).toBe(6_500n);
  });

  it('V13: extra income', () => {
    const home = spendsDaily(family(), 1, 10, 8_000).on(april(11)).earns(30_000, 'extra');
    expect(home.asks(april(11)).dailyBudgetAmount).toBe(10_000n);
  });

  it('V14: income that was planned and comes', () => {
    expect(family().earns(500_000).asks(april(1))).toMatchObject({ pool: 250_000n, dailyBudgetAmount: 8_334n });
    expect(family().earns(500_001).asks(april(1)).pool).toBe(250_001n);
  });

  it('V15: fixed costs above their plan', () => {
    expect(family().pays(215_000).asks(april(1))).toMatchObject({ pool: 235_000n, dailyBudgetAmount: 7_834n, spentToday: 0n });
  });

  it('V16: a commitment is set aside from the start, and is no spending of its day', () => {
    const home = family().spends(30_000, april(15));
    expect(home.asks(april(1)).dailyBudgetAmount).toBe(7_334n);
    spendsToPlan(home, 1, 14);
    expect(home.on(april(15)).asks(april(15))).toMatchObject({ dailyBudgetAmount: 7_333n, spentToday: 0n, committedToday: 30_000n });
  });

  it('V20: May after a deficit of April, before its close and after it', () => {
    const home = family().on(april(30)).spends(262_000).on('2026-05-01');
    const may = { pool: 238_000n, dailyBudgetAmount: 7_678n, daysRemaining: 31 };
    expect(home.asks('2026-05-01')).toMatchObject({ ...may, provisional: true });
    expect(home.closes().asks('2026-05-01')).toMatchObject({ ...may, provisional: false });
  });

  it('V21: months that start on the 25th', () => {
    const home = new FamilyHistory({ budgetStartDate: '2025-12-25', startDay: 25 });
    expect(home.on('2026-01-24').asks('2026-01-24')).toMatchObject({ periodStart: '2025-12-25', periodEnd: '2026-01-24', daysRemaining: 1 });
    expect(home.on('2026-01-25').closes().plans({ income: 250_000, savings: 0, fixed: {} }).asks('2026-01-25')).toMatchObject({
      periodStart: '2026-01-25',
      periodEnd: '2026-02-24',
      daysRemaining: 31,
    });
    const fresh = new FamilyHistory({ budgetStartDate: '2026-01-25', startDay: 25 }).spends(9_000);
    expect(fresh.on('2026-02-01').asks('2026-02-01')).toMatchObject({ daysRemaining: 24, dailyBudgetAmount: 10_042n });
  });

  it.each([
    ['2026-02-27', '2026-01-31', 28],
    ['2026-02-28', '2026-02-28', 31],
    ['2026-04-30', '2026-04-30', 31],
    ['2028-02-28', '2028-01-31', 29],
    ['2028-02-29', '2028-02-29', 31],
  ])('V22: with months that start on the 31st, %s is in the one from %s, of %d days', (day, start, days) => {
    const { calendar } = new FamilyHistory({ budgetStartDate: '2025-12-31', startDay: 31 }).document.plan;
    expect(periodOf(calendar, date(day))).toMatchObject({ start, days, fullDays: days });
  });

  it('V23: a family that begins inside a month has all of its pool for the days that are left', () => {
    expect(new FamilyHistory({ budgetStartDate: april(10), startDay: 1 }).asks(april(10))).toMatchObject({
      pool: 250_000n,
      daysRemaining: 21,
      dailyBudgetAmount: 11_905n,
    });
  });

  it('V24: an entry that is amended, then voided', () => {
    const home = family().on(april(3)).spends(4_500, april(3), 'shoes').on(april(4));
    expect(home.asks(april(4)).dailyBudgetAmount).toBe(9_093n);
    const { content } = home.live.get('shoes') ?? {};
    if (content === undefined) throw new Error('the shoes were recorded');
    const dearer = { ...content, base: '5400', lines: content.lines.map((line) => ({ ...line, base: '5400' })) };
    expect(home.amends('shoes', dearer).asks(april(4)).dailyBudgetAmount).toBe(9_060n);
    expect(home.voids('shoes').asks(april(4)).dailyBudgetAmount).toBe(9_260n);
  });

  it('V26: all days together never allow more than the pool', () => {
    const allowed = spendsToPlan(family(), 1, 30).reduce((sum, amount) => sum + amount, 0n);
    expect(allowed).toBe(250_000n);
  });

  it.each([
    ['Europe/London', '2026-04-01'],
    ['America/Los_Angeles', '2026-03-31'],
  ])('V30: half past eleven at night in UTC, in %s', (timeZone, today) => {
    expect(todayIn([{ from: null, timeZone }], Date.parse('2026-03-31T23:30:00Z'))).toBe(today);
  });

  it('V30: the night of a clock change is a day like any other', () => {
    const home = new FamilyHistory({ budgetStartDate: '2026-03-01' });
    expect(home.asks('2026-03-28').daysRemaining).toBe(4);
  });

  it('V33: a new start day lets the month run out, then cuts the next one short with its share of the plan', () => {
    const home = family().on(april(10));
    const before = home.asks(april(10));
    home.startsMonthsOn(25);
    expect(home.asks(april(10))).toEqual(before);
    spendsToPlan(home, 10, 30);
    home.on('2026-05-01').closes();
    const { calendar } = home.document.plan;
    const [, stub, regular] = periodsBetween(calendar, date(april(1)), date('2026-06-01'));
    expect(stub).toEqual({ start: '2026-05-01', nextStart: '2026-05-25', lastDay: '2026-05-24', days: 24, fullDays: 31 });
    expect(regular).toMatchObject({ start: '2026-05-25', lastDay: '2026-06-24', days: 31, fullDays: 31 });
    expect(home.asks('2026-05-01')).toMatchObject({ pool: 193_548n, dailyBudgetAmount: 8_065n, periodEnd: '2026-05-24' });
    expect(stub && poolOf(home.document, stub, home.day)).toMatchObject({ notGranted: 56_452n, income: 500_000n, fixed: 200_000n });
    expect(home.asks('2026-05-25').pool).toBe(250_000n);
  });

  it('two years ahead is the furthest day there is', () => {
    expect(['2026-04-01', '2028-02-29', '2024-02-29'].map((today) => latestDate(date(today)))).toEqual(['2028-04-01', '2030-02-28', '2026-02-28']);
    expect(family().asks('2028-04-01').daysRemaining).toBe(30);
    expect(() => family().asks(addDays(date('2028-04-01'), 1))).toThrow('DATE_OUT_OF_RANGE');
  });
});
