import { addDays, parseCivilDate } from '@daybook/kernel';
import { HistoryTeller } from '../../../../test/support/family-history-teller.js';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { tellVector, VECTORS, type Answer } from '../../../../test/support/vectors.js';
import { periodOf, periodsBetween } from './calendar.js';
import { latestDate, todayIn } from './today.js';
import { poolOf } from './pool.js';

const date = parseCivilDate;
const april = (day: number): string => `2026-04-${String(day).padStart(2, '0')}`;

/** The base case: 5000.00 − 2000.00 − 500.00 euros for April 2026. */
const family = () => new FamilyHistory();

/** On each of these days it spends just what the day allows. */
function spendsToPlan(history: FamilyHistory, first: number, last: number): bigint[] {
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const { dailyBudgetAmount } = history.on(april(first + index)).asks(april(first + index));
    history.spends(Number(dailyBudgetAmount));
    return dailyBudgetAmount;
  });
}

class PureTeller extends HistoryTeller {
  override asks(day: string): Answer {
    const { plan, ...answer } = this.history.asks(day);
    const amounts = Object.entries(answer).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]);
    return { ...Object.fromEntries(amounts), plan: plan.map(({ amount }) => Number(amount)) };
  }
}

describe('the vectors of the daily number', () => {
  it.each(VECTORS.map((vector) => [`${vector.vector}: ${vector.says}`, vector] as const))('%s', async (_, vector) => {
    expect(await tellVector(vector, new PureTeller(vector))).toBeGreaterThan(0);
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
