import { parseCivilDate } from '@daybook/kernel';
import { HOME } from '../../../../test/support/budget-events.js';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { periodOf } from './calendar.js';
import { carryInto } from './carry.js';
import { periodTotals, type PeriodTotals } from './period-overview.js';

const RENT = defaultCategoryId(HOME, 'fixed');
const totals = (life: FamilyHistory, date: string): PeriodTotals => {
  const period = periodOf(life.document.plan.calendar, parseCivilDate(date));
  if (period === undefined) throw new Error('the budget has begun');
  return periodTotals(life.document, period, life.day);
};
const carried = (life: FamilyHistory, date: string): bigint => totals(life, date).pool.carryIn;

describe('what a close finds', () => {
  it('counts fixed items nobody wrote down as planned, so that nobody gains the rent', () => {
    expect(totals(new FamilyHistory().spends(100_000).on('2026-05-01'), '2026-04-01').surplus).toBe(150_000n);
  });

  it('gives back what a written fixed item cost less than planned', () => {
    const life = new FamilyHistory().pays(150_000).on('2026-05-01');
    expect(totals(life, '2026-04-01')).toMatchObject({ remaining: 250_000n, surplus: 300_000n, carryOut: 300_000n, status: 'ended' });
    expect(totals(life.closes(), '2026-04-01')).toMatchObject({ surplus: 300_000n, carryOut: 300_000n, status: 'closed' });
  });

  it('gives back all of a fixed item that is settled without a record', () => {
    expect(totals(new FamilyHistory().settles(RENT).on('2026-05-01'), '2026-04-01').surplus).toBe(450_000n);
    expect(new FamilyHistory().settles(RENT).asks('2026-04-01').pool).toBe(450_000n);
  });

  it('keeps income and savings as planned where less was written down', () => {
    expect(totals(new FamilyHistory().earns(400_000).saves(10_000), '2026-04-01').surplus).toBe(250_000n);
    expect(totals(new FamilyHistory().earns(600_000).saves(60_000), '2026-04-01').surplus).toBe(340_000n);
  });

  it('counts commitments as spent', () => {
    expect(totals(new FamilyHistory().spends(1_000, '2026-04-20'), '2026-04-01')).toMatchObject({ surplus: 249_000n, remaining: 249_000n, spent: 0n });
  });
});

describe('what a period takes over', () => {
  it.each([
    ['carryBoth', 100_000, 150_000n],
    ['carryBoth', 300_000, -50_000n],
    ['carryDeficitOnly', 100_000, 0n],
    ['carryDeficitOnly', 300_000, -50_000n],
    ['sweepSurplusToSavings', 100_000, 0n],
    ['sweepSurplusToSavings', 300_000, -50_000n],
    ['reset', 100_000, 0n],
    ['reset', 300_000, 0n],
  ] as const)('under %s, after %d was spent, before the close and after it', (endPolicy, spent, amount) => {
    const life = new FamilyHistory({ endPolicy }).spends(spent).on('2026-05-01');
    expect(totals(life, '2026-05-01').pool).toMatchObject({ carryIn: amount, carryFrom: '2026-04-01', isProvisional: true });
    expect(totals(life.closes(), '2026-05-01').pool).toMatchObject({ carryIn: amount, carryFrom: '2026-04-01', isProvisional: false });
  });

  it('is nothing, and final, for the first one', () => {
    expect(totals(new FamilyHistory(), '2026-04-01').pool).toMatchObject({ carryIn: 0n, carryFrom: null, isProvisional: false });
  });

  it('goes on from period to period, also over those that are not closed', () => {
    const life = new FamilyHistory().spends(240_000).on('2026-05-10').spends(245_000).on('2026-06-10');
    expect([carried(life, '2026-05-01'), carried(life, '2026-06-01')]).toEqual([10_000n, 15_000n]);
    expect(carried(life.closes(), '2026-06-01')).toBe(15_000n);
    expect(totals(life, '2026-06-01').pool.isProvisional).toBe(true);
    expect(totals(life.closes(), '2026-06-01').pool).toMatchObject({ carryIn: 15_000n, isProvisional: false });
  });

  it('comes from the period before, were it a single day', () => {
    const life = new FamilyHistory({ budgetStartDate: '2026-01-31', startDay: 31 }).startsMonthsOn(1);
    expect(totals(life, '2026-02-28').period).toMatchObject({ days: 1, fullDays: 31 });
    expect(totals(life, '2026-03-01').pool).toMatchObject({ carryFrom: '2026-02-28', isProvisional: true });
  });

  it('stays what it was at the close for a period that is closed itself', () => {
    const life = new FamilyHistory().spends(240_000).on('2026-06-10').closes().closes().spends(700, '2026-04-03');
    expect(totals(life, '2026-05-01').pool).toMatchObject({ carryIn: 10_000n, late: 0n, isProvisional: false });
    expect(totals(life, '2026-06-01').pool).toMatchObject({
      carryIn: 260_000n,
      late: -700n,
      lateBySource: [{ from: '2026-04-01', amount: -700n }],
      amount: 509_300n,
    });
  });

  it('goes with what came late, and lists it oldest first', () => {
    const life = new FamilyHistory().on('2026-06-10').closes().closes().spends(5, '2026-05-03').spends(7, '2026-04-03');
    expect(totals(life, '2026-06-01').pool.lateBySource).toEqual([
      { from: '2026-04-01', amount: -7n },
      { from: '2026-05-01', amount: -5n },
    ]);
    expect(carried(life.on('2026-07-01'), '2026-07-01')).toBe(750_000n - 12n);
  });

  it('is only a deficit that is there already, from a period that still runs', () => {
    const life = new FamilyHistory().spends(100_000);
    expect(totals(life, '2026-05-01').pool).toMatchObject({ carryIn: 0n, isProvisional: true });
    life.spends(200_000);
    expect([carried(life, '2026-05-01'), carried(life, '2026-06-01')]).toEqual([-50_000n, 0n]);
    life.spends(300_000);
    expect([carried(life, '2026-05-01'), carried(life, '2026-06-01'), carried(life, '2026-07-01')]).toEqual([-350_000n, -100_000n, 0n]);
  });

  it('counts the fixed items of a period that still runs as its pool does, not as its close will', () => {
    const life = new FamilyHistory().pays(150_000).spends(260_000);
    expect(carried(life, '2026-05-01')).toBe(-10_000n);
    expect(carried(life.on('2026-05-01'), '2026-05-01')).toBe(40_000n);
  });

  it('brings what came late into a running period on to the next one, where it makes a deficit', () => {
    const life = new FamilyHistory().spends(250_000).on('2026-05-02').closes().spends(260_000, '2026-04-03');
    expect(carried(life, '2026-06-01')).toBe(-10_000n);
  });

  it('is nothing from a period that still runs where deficits are forgotten', () => {
    expect(carried(new FamilyHistory({ endPolicy: 'reset' }).spends(300_000), '2026-05-01')).toBe(0n);
  });

  it('is nothing from a period that had no plan', () => {
    const empty = new FamilyHistory({ budgetStartDate: '2026-03-01' }, null).spends(5_000).earns(9_000, 'extra');
    expect(() => empty.asks('2026-03-01')).toThrow('PLAN_MISSING');
    const nothing = { isPlanned: false, plannedIncome: 0n, plannedSavings: 0n, income: 9_000n, amount: 9_000n };
    expect(totals(empty, '2026-03-01')).toMatchObject({ pool: nothing, spent: 5_000n, carryOut: 0n });
    expect(carryInto(empty.document, totals(empty, '2026-04-01').period, empty.day).amount).toBe(0n);
    empty.on('2026-04-01').closes().plans({});
    expect(totals(empty, '2026-04-01').pool).toMatchObject({ isPlanned: true, carryIn: 0n, amount: 450_000n });
    expect(empty.document.closings).toEqual({ '2026-03-01': { endPolicy: 'carryBoth', carryIn: '0', carryOut: '0' } });
  });
});

describe('the figures of a period', () => {
  it('list fixed items in the order in which the family named them', () => {
    const named = Array.from({ length: 12 }, (_, index) => `item ${index}`);
    const life = new FamilyHistory().plans({ fixed: Object.fromEntries(named.map((item) => [item, 5])) });
    life.pays(7, 'strange').pays(7, 'odd').pays(7, RENT).pays(7, 'item 11');
    expect(totals(life, '2026-04-01').pool.fixedItems.map(({ categoryId }) => categoryId)).toEqual([RENT, ...named, 'odd', 'strange']);
  });

  it('keep what was handed on at the close, whatever came late', () => {
    const life = new FamilyHistory().on('2026-05-01').closes().spends(700, '2026-04-03');
    expect(totals(life, '2026-04-01')).toMatchObject({ spent: 700n, surplus: 249_300n, carryOut: 250_000n });
  });
});

describe('the status of a period', () => {
  it('goes from future over open and ended to closed', () => {
    const life = new FamilyHistory();
    const april = () => totals(life, '2026-04-01').status;
    expect([april(), totals(life, '2026-05-01').status]).toEqual(['open', 'future']);
    life.on('2026-04-30');
    expect(april()).toBe('open');
    life.on('2026-05-01');
    expect([april(), totals(life, '2026-05-01').status]).toEqual(['ended', 'open']);
    life.closes();
    expect(april()).toBe('closed');
    life.reopens();
    expect(april()).toBe('ended');
  });
});
