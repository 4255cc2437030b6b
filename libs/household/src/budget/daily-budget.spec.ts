import { parseCivilDate } from '@daybook/kernel';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { askablePeriod } from './daily-budget.js';
import { periodOverview } from './period-overview.js';

const amounts = (life: FamilyHistory, date: string, today?: string) => life.asks(date, today).plan.map(({ amount }) => amount);

describe('a coming day of the running period', () => {
  it('has what today\'s plan says, while today is still within its amount', () => {
    const life = new FamilyHistory({ on: '2026-04-28' }, { income: 10_000, fixed: 0, savings: 0 }).spends(3_000);
    expect(amounts(life, '2026-04-28')).toEqual([3_334n, 3_333n, 3_333n]);
    expect(amounts(life, '2026-04-29')).toEqual([3_333n, 3_333n]);
    expect(amounts(life, '2026-04-30')).toEqual([3_333n]);
    expect(life.asks('2026-04-30')).toMatchObject({ daysRemaining: 1, remainingBudget: 3_333n, remainingInPeriod: 7_000n, spentToday: 0n });
  });

  it('shares what today overspent already', () => {
    const life = new FamilyHistory({ on: '2026-04-28' }, { income: 10_000, fixed: 0, savings: 0 }).spends(4_000);
    expect(amounts(life, '2026-04-28')).toEqual([3_334n, 3_333n, 3_333n]);
    expect(amounts(life, '2026-04-29')).toEqual([3_000n, 3_000n]);
    expect(amounts(life, '2026-04-30')).toEqual([3_000n]);
  });

  it('shares a deficit that today cannot take', () => {
    const life = new FamilyHistory({ on: '2026-04-27' }, { income: 10_000, fixed: 0, savings: 0 }).spends(10_100).on('2026-04-28');
    expect(amounts(life, '2026-04-28')).toEqual([-33n, -33n, -34n]);
    expect(amounts(life, '2026-04-29')).toEqual([-50n, -50n]);
  });

  it('shows what is committed on it', () => {
    const life = new FamilyHistory().spends(3_000, '2026-04-20');
    expect(life.asks('2026-04-20')).toMatchObject({ committedToday: 3_000n, spentToday: 0n, pool: 247_000n });
  });
});

describe('a day of a coming period', () => {
  it('has its part of that period\'s own plan', () => {
    const life = new FamilyHistory().plans({ income: 600_000 }, '2026-05-01');
    expect(life.asks('2026-05-01')).toMatchObject({ pool: 350_000n, daysRemaining: 31, dailyBudgetAmount: 11_291n, provisional: true });
    expect(life.asks('2026-05-31')).toMatchObject({ dailyBudgetAmount: 11_290n, daysRemaining: 1, plan: [{ date: '2026-05-31', amount: 11_290n }] });
    expect(life.asks('2026-04-01').pool).toBe(250_000n);
  });

  it('is one before the budget has begun as well', () => {
    const life = new FamilyHistory({ on: '2026-03-20' });
    expect(life.asks('2026-04-02')).toMatchObject({ dailyBudgetAmount: 8_334n, provisional: false });
  });
});

describe('a past day', () => {
  it('is told as it stands now, with the days after it in its plan', () => {
    const life = new FamilyHistory().spends(10_000).on('2026-04-30').spends(500);
    expect(life.asks('2026-04-01')).toMatchObject({ dailyBudgetAmount: 8_334n, overspentBy: 1_666n, remainingInPeriod: 240_000n });
    expect(life.asks('2026-04-02')).toMatchObject({ dailyBudgetAmount: 8_276n, remainingInPeriod: 240_000n });
    expect(life.asks('2026-04-29').plan).toEqual([
      { date: '2026-04-29', amount: 120_000n },
      { date: '2026-04-30', amount: 120_000n },
    ]);
  });
});

describe('the days of an overview', () => {
  it('are spent, planned and committed as each day answers', () => {
    const life = new FamilyHistory({ on: '2026-04-28' }, { income: 10_000, fixed: 0, savings: 0 }).spends(1_000, '2026-04-30').spends(5_000);
    const period = askablePeriod(life.document, life.day, life.day);
    const { days, pool, spent, remaining } = periodOverview(life.document, period, life.day, life.days);
    expect([pool.amount, spent, remaining]).toEqual([9_000n, 5_000n, 4_000n]);
    expect(days.slice(27)).toEqual([
      { date: '2026-04-28', amount: 3_000n, spent: 5_000n, remaining: -2_000n, committed: 0n, usedBefore: 0n },
      { date: '2026-04-29', amount: 2_000n, spent: 0n, remaining: 2_000n, committed: 0n, usedBefore: 5_000n },
      { date: '2026-04-30', amount: 2_000n, spent: 0n, remaining: 2_000n, committed: 1_000n, usedBefore: 7_000n },
    ]);
  });
});

describe('a day without a number', () => {
  const refusal = (ask: () => unknown) => {
    try {
      return ask();
    } catch (error) {
      return error;
    }
  };

  it('lies before the budget', () => {
    const life = new FamilyHistory();
    expect(refusal(() => life.asks('2026-03-31'))).toMatchObject({
      code: 'BEFORE_BUDGET_START',
      detail: 'The budget starts on 2026-04-01; ask for that day or a later one.',
      data: { errors: [{ pointer: '/date', code: 'before_budget_start' }] },
    });
  });

  it('or more than two years ahead', () => {
    const life = new FamilyHistory().on('2028-02-29');
    expect(life.asks('2030-02-28').daysRemaining).toBe(1);
    const day = parseCivilDate('2030-03-01');
    expect(refusal(() => askablePeriod(life.document, day, life.day, '/period'))).toMatchObject({
      code: 'DATE_OUT_OF_RANGE',
      detail: 'Ask for a day up to 2030-02-28, two years from today.',
      data: { errors: [{ pointer: '/period', code: 'date_out_of_range' }] },
    });
  });

  it('or has no plan yet', () => {
    const life = new FamilyHistory({}, null);
    expect(refusal(() => life.asks('2026-04-01'))).toMatchObject({ code: 'PLAN_MISSING' });
    life.plans({ fixed: {} }, '2026-05-01');
    expect(refusal(() => life.asks('2026-04-01'))).toMatchObject({ code: 'PLAN_MISSING' });
    expect(life.asks('2026-05-01').pool).toBe(450_000n);
  });
});
