import { parseCivilDate } from '@daybook/kernel';
import { familyCreated } from '../../../../test/support/budget-events.js';
import type { FamilyEvent } from '../family/family-events.js';
import { evolveBudgetPlan, planFor, type BudgetPlan } from './budget-plan.js';

const date = parseCivilDate;
const sealed = { sealed: 1, subject: 'ada', data: 'c2VhbGVk' } as const;
const [created] = familyCreated() as FamilyEvent[];
const after = (...events: readonly FamilyEvent[]): BudgetPlan => {
  const plan = [...(created === undefined ? [] : [created]), ...events].reduce<BudgetPlan | null>(evolveBudgetPlan, null);
  if (plan === null) throw new Error('the family was created');
  return plan;
};
const set = (period: string, income: number): FamilyEvent => ({
  type: 'BudgetPlanSet',
  data: { period: date(period), income: String(income), savings: '5', fixed: [{ categoryId: 'rent', planned: '7' }], fromVersion: 0 },
});
const changed = (data: Extract<FamilyEvent, { type: 'FamilySettingsChanged' }>['data']): FamilyEvent => ({ type: 'FamilySettingsChanged', data });
const zone = (to: string, from: string) => changed({ timeZone: { before: 'UTC', after: to, from: date(from) } });
const startDay = (to: number, from: string) => changed({ startDay: { before: 1, after: to, from: date(from) } });

describe('what a family has decided about its budget', () => {
  it('begins with its creation', () => {
    expect(after()).toEqual({
      currency: 'EUR',
      carryMode: 'redistribute',
      endPolicy: 'carryBoth',
      zones: [{ from: null, timeZone: 'Europe/London' }],
      calendar: [{ from: '2026-04-01', startDay: 1 }],
      plans: [],
      version: 0,
      settled: {},
      closed: [],
    });
    expect(() => evolveBudgetPlan(null, set('2026-04-01', 1))).toThrow('BudgetPlanSet of a family that was never created');
  });

  it('has for each period the last plan that was set for it or for an earlier one', () => {
    const plan = after(set('2026-05-01', 20), set('2026-04-01', 10), set('2026-07-01', 30), set('2026-05-01', 21));
    expect(plan.plans.map(({ period, income }) => [period, income])).toEqual([['2026-04-01', '10'], ['2026-05-01', '21'], ['2026-07-01', '30']]);
    expect(plan.version).toBe(4);
    expect(planFor(plan, date('2026-03-01'))).toBeUndefined();
    expect(['2026-04-01', '2026-05-01', '2026-06-01', '2026-07-01'].map((period) => planFor(plan, date(period))?.income)).toEqual(['10', '21', '21', '30']);
    expect(planFor(plan, date('2026-04-01'))).toEqual({ period: '2026-04-01', income: '10', savings: '5', fixed: { rent: '7' } });
  });

  it('keeps what is settled by period', () => {
    const settle = (period: string, categoryId: string): FamilyEvent => ({ type: 'FixedItemSettled', data: { period: date(period), categoryId } });
    expect(after(settle('2026-04-01', 'rent'), settle('2026-04-01', 'power'), settle('2026-05-01', 'rent')).settled).toEqual({
      '2026-04-01': ['rent', 'power'],
      '2026-05-01': ['rent'],
    });
  });

  it('keeps what is closed', () => {
    const close = (period: string): FamilyEvent => ({ type: 'PeriodClosed', data: { period: date(period), endPolicy: 'reset', reason: null, shown: null } });
    const closed = [close('2026-04-01'), close('2026-05-01')];
    expect(after(...closed).closed).toEqual(['2026-04-01', '2026-05-01']);
    expect(after(...closed, { type: 'PeriodReopened', data: { period: date('2026-05-01'), reason: null } }).closed).toEqual(['2026-04-01']);
  });

  it('changes only the settings that were named', () => {
    expect(after(changed({ endPolicy: { before: 'carryBoth', after: 'reset' } }))).toEqual({ ...after(), endPolicy: 'reset' });
    expect(after(changed({ name: { before: sealed, after: sealed } }))).toEqual(after());
    expect(after(startDay(25, '2026-05-01')).calendar).toEqual([{ from: '2026-04-01', startDay: 1 }, { from: '2026-05-01', startDay: 25 }]);
    expect(after(zone('UTC', '2026-05-01')).zones).toEqual([{ from: null, timeZone: 'Europe/London' }, { from: '2026-05-01', timeZone: 'UTC' }]);
  });

  it('lets a later word about the same day, or an earlier one, take the place of the one before', () => {
    const zones = (...events: readonly FamilyEvent[]) => after(...events).zones.slice(1).map(({ from, timeZone }) => [from, timeZone]);
    expect(zones(zone('UTC', '2026-05-01'), zone('Asia/Tokyo', '2026-05-01'))).toEqual([['2026-05-01', 'Asia/Tokyo']]);
    expect(zones(zone('UTC', '2026-05-01'), zone('Asia/Tokyo', '2026-04-20'))).toEqual([['2026-04-20', 'Asia/Tokyo']]);
    expect(zones(zone('UTC', '2026-05-01'), zone('Asia/Tokyo', '2026-06-01'))).toEqual([['2026-05-01', 'UTC'], ['2026-06-01', 'Asia/Tokyo']]);
    const days = (...events: readonly FamilyEvent[]) => after(...events).calendar.slice(1).map((one) => [one.from, one.startDay]);
    expect(days(startDay(25, '2026-05-01'), startDay(10, '2026-05-01'))).toEqual([['2026-05-01', 10]]);
    expect(days(startDay(25, '2026-05-01'), startDay(1, '2026-05-01'))).toEqual([]);
    expect(days(startDay(25, '2026-05-01'), startDay(10, '2026-05-25'))).toEqual([['2026-05-01', 25], ['2026-05-25', 10]]);
  });

  it('is not touched by what is no business of the budget', () => {
    const plan = after();
    const others: FamilyEvent[] = [
      { type: 'MemberJoined', data: { userId: 'bob', role: 'member', via: 'founding' } },
      { type: 'CategoryAdded', data: { categoryId: 'rent', kind: 'fixed', name: null } },
      { type: 'CategoryRenamed', data: { categoryId: 'rent', before: null, after: sealed } },
      { type: 'CategoryArchived', data: { categoryId: 'rent' } },
      { type: 'CategoryRestored', data: { categoryId: 'rent' } },
    ];
    for (const event of others) expect(evolveBudgetPlan(plan, event)).toBe(plan);
    expect(() => evolveBudgetPlan(plan, { type: 'Unheard', data: {} } as unknown as FamilyEvent)).toThrow('unknown family event');
  });
});
