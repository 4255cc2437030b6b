import { addDays, daysBetween, parseCivilDate, uuidV5 } from '@daybook/kernel';
import { HOME, spending } from '../../../../test/support/budget-events.js';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { evolveBudget, type BudgetEvent } from './fold-budget.js';

const KIB = 1_024;
const uuidOf = (name: string) => uuidV5(HOME, `category/${name}`);

/** Every day two expenses, every month income, savings and each of these fixed items. */
function livesOn(life: FamilyHistory, until: string, fixed: readonly string[], monthly: (month: FamilyHistory) => void = () => undefined): FamilyHistory {
  for (let day = life.day; day < until; day = addDays(day, 1)) {
    life.on(day).spends(1_234).spends(98_765);
    if (!day.endsWith('-01')) continue;
    life.earns(500_000).saves(50_000);
    for (const categoryId of fixed) life.pays(20_000, categoryId);
    monthly(life);
  }
  return life;
}

describe('the document of a family', () => {
  it('stays below 64 KiB after five years of daily entries that nobody closed, with 15 fixed items planned, paid and settled every month', () => {
    const fixed = Array.from({ length: 15 }, (_, index) => uuidOf(`fixed ${index}`));
    const plan = Object.fromEntries(fixed.map((categoryId, index) => [categoryId, 20_000 + index]));
    const life = livesOn(new FamilyHistory().plans({ fixed: plan }), '2031-04-01', fixed, (month) => {
      month.plans({ fixed: plan });
      for (const categoryId of fixed) month.settles(categoryId);
    });
    expect(JSON.stringify(life.document).length).toBeLessThan(64 * KIB);
    expect(Object.keys(life.document.ended)).toHaveLength(60);
    expect(life.document.days).toStrictEqual({});
  });

  it('keeps days apart only from the end of the running period on', () => {
    const life = new FamilyHistory().spends(100).spends(200, '2026-05-01').spends(300, '2026-06-04');
    expect(life.document).toMatchObject({
      horizon: '2026-05-01',
      ended: { '2026-04-01': { entries: 1, spent: '100' } },
      days: { '2026-05-01': { entries: 1, committed: '200' }, '2026-06-04': { entries: 1, committed: '300' } },
    });
    life.on('2026-05-02').spends(400, '2026-05-01').spends(50, '2026-05-31');
    expect(life.document).toMatchObject({
      horizon: '2026-06-01',
      ended: { '2026-04-01': { entries: 1, spent: '100' }, '2026-05-01': { entries: 3, spent: '400', committed: '250' } },
      days: { '2026-06-04': { entries: 1, committed: '300' } },
    });
    expect(Object.keys(life.document.days)).toStrictEqual(['2026-06-04']);
  });

  it('never takes its horizon back, whatever day an event was decided on', () => {
    const life = new FamilyHistory().on('2026-06-10').spends(100).on('2026-04-10').spends(100);
    expect(life.document.horizon).toBe('2026-07-01');
    expect(life.document.ended).toStrictEqual({ '2026-04-01': { entries: 1, spent: '100' }, '2026-06-01': { entries: 1, spent: '100' } });
  });

  it('lets a new start day cut all of a budget that has not begun', () => {
    const life = new FamilyHistory({ budgetStartDate: '2026-05-01', on: '2026-04-01' }).spends(100, '2026-05-20');
    expect(life.document).toMatchObject({ horizon: '2026-05-01', days: { '2026-05-20': { committed: '100' } }, ended: {} });
    expect(life.on('2026-04-30').spends(1, '2026-05-20').document.horizon).toBe('2026-05-01');
    expect(life.on('2026-05-01').spends(1, '2026-05-20').document).toMatchObject({ horizon: '2026-06-01', days: {} });
  });

  it('keeps what is dated before the budget begins under its own day, where it counts for nothing', () => {
    const life = new FamilyHistory().spends(100, '2026-03-30', 'early');
    expect(life.document.ended).toStrictEqual({ '2026-03-30': { entries: 1, spent: '100' } });
    expect(life.asks('2026-04-01').pool).toBe(250_000n);
    expect(life.voids('early').document.ended).toStrictEqual({});
  });

  it('counts the lines of a transaction each for its kind', () => {
    const content = spending('2026-04-01', 1_000);
    const lines = (['variable', 'savings', 'fixed'] as const).flatMap((kind) => spending('2026-04-01', 300, { kind }).lines);
    const life = new FamilyHistory().records({ ...content, base: '900', lines });
    expect(life.document.ended).toStrictEqual({
      '2026-04-01': { entries: 1, spent: '300', saved: '300', fixed: { '0': { amount: '300', lines: 1 } } },
    });
  });

  it('names fixed categories by their place, also those it hears of first in a plan or a settlement', () => {
    const life = new FamilyHistory().plans({ fixed: { [uuidOf('rent')]: 100 } }).settles(uuidOf('power')).pays(5, uuidOf('rent')).pays(7, 'unheard of');
    const { document } = life;
    expect(document.fixedCategories).toStrictEqual([defaultCategoryId(HOME, 'fixed'), uuidOf('rent'), uuidOf('power')]);
    const added = (kind: 'fixed' | 'savings') => {
      return { type: 'CategoryAdded' as const, data: { categoryId: uuidOf(`a ${kind} one`), kind, name: null } };
    };
    const more = new FamilyHistory({}, null).happens(added('savings'), added('fixed')).document;
    expect(more.fixedCategories).toStrictEqual([defaultCategoryId(HOME, 'fixed'), uuidOf('a fixed one')]);
    expect(document.plan.plans).toMatchObject([{ fixed: { '1': '100' } }]);
    expect(document.plan.settled).toStrictEqual({ '2026-04-01': ['2'] });
    expect(document.ended['2026-04-01']?.fixed).toStrictEqual({ '1': { amount: '5', lines: 1 }, 'unheard of': { amount: '7', lines: 1 } });
  });

  it('shares with the document before it all that an event did not touch', () => {
    const life = new FamilyHistory().spends(1).on('2026-05-02').closes().spends(1).spends(2, '2026-04-03').spends(1, '2026-07-01');
    const before = life.document;
    const after = life.spends(5).document;
    expect(after.ended['2026-04-01']).toBe(before.ended['2026-04-01']);
    for (const part of ['plan', 'days', 'closings', 'late', 'fixedCategories'] as const) expect(after[part]).toBe(before[part]);
    const settings = life.changes({}).document;
    expect(settings.ended).toBe(after.ended);
    const joined: BudgetEvent = { type: 'MemberJoined', data: { userId: 'bob', role: 'member', via: 'founding' }, on: life.day };
    expect(evolveBudget(settings, joined)).toBe(settings);
  });

  it('begins with the creation of the family and with nothing else', () => {
    const [created, joined] = new FamilyHistory().events;
    if (created === undefined || joined === undefined) throw new Error('a family has events');
    expect(() => evolveBudget(null, joined)).toThrow('MemberJoined of a family that was never created');
    expect(evolveBudget(null, created)).toMatchObject({ horizon: '2026-05-01', ended: {}, days: {}, closings: {}, late: {} });
  });
});

describe('a closed period', () => {
  const closed = () => new FamilyHistory().on('2026-04-30').spends(200_000).on('2026-05-02').closes();

  it('hands on what the fold computes, whatever the person who closed it saw', () => {
    const shown = { pool: '1', spent: '2', surplus: '3' };
    const life = new FamilyHistory().on('2026-05-02');
    const data = { period: parseCivilDate('2026-04-01'), endPolicy: 'carryBoth' as const, reason: null, shown };
    expect(life.happens({ type: 'PeriodClosed', data }).document.closings).toStrictEqual({
      '2026-04-01': { endPolicy: 'carryBoth', carryIn: '0', carryOut: '250000' },
    });
  });

  it('hands on by the policy of its own close, also after the family chose another one', () => {
    const life = closed().changes({ endPolicy: { before: 'carryBoth', after: 'reset' } }).on('2026-06-01').closes();
    expect(life.document.closings).toStrictEqual({
      '2026-04-01': { endPolicy: 'carryBoth', carryIn: '0', carryOut: '50000' },
      '2026-05-01': { endPolicy: 'reset', carryIn: '50000', carryOut: '0' },
    });
    expect(life.spends(700, '2026-04-10').spends(900, '2026-05-10').document.late).toStrictEqual({ '2026-06-01': { '2026-04-01': '-700' } });
  });

  it('sends what late entries change to the first period that is open, by where it comes from', () => {
    const life = closed().spends(700, '2026-04-10', 'first').on('2026-06-02').closes();
    expect(life.document.closings['2026-05-01']).toStrictEqual({ endPolicy: 'carryBoth', carryIn: '50000', carryOut: '299300' });
    life.spends(10, '2026-04-11').spends(30, '2026-05-11');
    expect(life.document.late).toStrictEqual({
      '2026-05-01': { '2026-04-01': '-700' },
      '2026-06-01': { '2026-04-01': '-10', '2026-05-01': '-30' },
    });
    expect(life.asks('2026-06-02').pool).toBe(250_000n + 299_300n - 40n);
    expect(life.voids('first').document.late['2026-06-01']).toStrictEqual({ '2026-04-01': '690', '2026-05-01': '-30' });
  });

  it('leaves no trace of what came late and was taken back', () => {
    const life = closed();
    const before = life.document;
    expect(life.spends(700, '2026-04-10', 'late').voids('late').document).toStrictEqual(before);
  });

  it('sends only what its policy lets out', () => {
    const life = new FamilyHistory({ endPolicy: 'carryDeficitOnly' }).on('2026-04-30').spends(249_000).on('2026-05-02').closes();
    const before = life.document;
    expect(life.spends(1_000, '2026-04-10').document.late).toBe(before.late);
    expect(life.spends(25, '2026-04-10').document.late).toStrictEqual({ '2026-05-01': { '2026-04-01': '-25' } });
  });

  it('takes an entry that is amended out of it or into it for what it changes on each side', () => {
    const life = closed().spends(700, '2026-05-01', 'slip');
    life.amends('slip', spending('2026-04-20', 700));
    expect(life.document.late).toStrictEqual({ '2026-05-01': { '2026-04-01': '-700' } });
    expect(life.amends('slip', spending('2026-05-01', 700)).document.late).toStrictEqual({});
  });

  it('takes back on reopening what it had sent, and keeps what it had been sent', () => {
    const life = closed().spends(700, '2026-04-10').on('2026-06-02').closes().spends(30, '2026-05-11').spends(10, '2026-04-11');
    life.reopens();
    expect(life.document.late).toStrictEqual({ '2026-05-01': { '2026-04-01': '-700' }, '2026-06-01': { '2026-04-01': '-10' } });
    expect(life.document).toMatchObject({ plan: { closed: ['2026-04-01'] }, closings: { '2026-04-01': { carryOut: '50000' } } });
    expect(Object.keys(life.document.closings)).toStrictEqual(['2026-04-01']);
    life.reopens();
    expect(life.document).toMatchObject({ late: {}, closings: {}, plan: { closed: [] } });
    expect(daysBetween(parseCivilDate(life.document.horizon), parseCivilDate('2026-07-01'))).toBe(0);
  });
});
