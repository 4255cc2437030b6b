import fc from 'fast-check';
import { parseCivilDate, uuidV5 } from '@daybook/kernel';
import { HOME, planSet } from '../../../../test/support/budget-events.js';
import { amount, home, homeWithoutPlan, planRules, rent, RENT, rentAdded, sealedBy, setPlan, UNNAMED } from '../../../../test/support/plan-rules.js';
import { defaultCategoryId } from '../family/default-categories.js';
import type { FamilyEvent } from '../family/family-events.js';
import type { FixedItem, SettleFixedItem } from './commands.js';
import type { PlanEvent } from './events.js';

const rules = planRules();
const day = parseCivilDate;
const april = day('2026-04-01');
const rentItem = (planned = '1500.00'): FixedItem => ({ categoryId: RENT, name: null, planned: amount(planned) });
const aprilClosed: FamilyEvent = {
  type: 'PeriodClosed',
  data: { period: april, endPolicy: 'carryBoth', reason: null, shown: null },
};

function planned(change: Partial<Extract<PlanEvent, { type: 'BudgetPlanSet' }>['data']> = {}): PlanEvent {
  const fixed = [{ categoryId: UNNAMED, planned: '200000' }];
  return { type: 'BudgetPlanSet', data: { period: april, income: '500000', fixed, savings: '90000', fromVersion: 1, ...change } };
}

describe('setting a plan', () => {
  it('counts for the running period and all later ones, when no period is named', () => {
    rules.given(...home()).when(setPlan()).then(planned());
    planRules('2026-05-31').given(...home()).when(setPlan()).then(planned({ period: day('2026-05-01') }));
  });

  it('counts from the first period on while the budget has not started', () => {
    rules.given(...homeWithoutPlan({ budgetStartDate: '2026-06-15', startDay: 15 })).when(setPlan())
      .then(planned({ period: day('2026-06-15'), fromVersion: 0 }));
  });

  it.each(['2026-07-01', '2026-07-31'])('counts from the period that a given day lies in: %s', (period) => {
    rules.given(...home()).when(setPlan({ period: day(period) })).then(planned({ period: day('2026-07-01') }));
  });

  it('makes categories of the names it gives, and leaves the rest without a name', () => {
    const fixed = [{ categoryId: RENT, name: rent, planned: amount('1500.00') }];
    rules.given(...home()).when(setPlan({ fixed })).then(
      { type: 'CategoryAdded', data: { categoryId: RENT, kind: 'fixed', name: rent } },
      planned({ fixed: [{ categoryId: UNNAMED, planned: '50000' }, { categoryId: RENT, planned: '150000' }] }),
    );
  });

  it('plans for categories that are there, down to nothing left without a name', () => {
    rules.given(...home(), rentAdded()).when(setPlan({ fixed: [rentItem('2000')] }))
      .then(planned({ fixed: [{ categoryId: UNNAMED, planned: '0' }, { categoryId: RENT, planned: '200000' }] }));
  });

  it('takes back what it answers: the default category among the items, with what the others leave', () => {
    const fixed = [{ categoryId: UNNAMED, name: null, planned: amount('500.00') }, rentItem()];
    rules.given(...home(), rentAdded()).when(setPlan({ fixed }))
      .then(planned({ fixed: [{ categoryId: UNNAMED, planned: '50000' }, { categoryId: RENT, planned: '150000' }] }));
  });

  it('has nothing to do when it is the plan of that period already, however it is written', () => {
    rules.given(...home()).when(setPlan({ savingsGoal: amount('500') })).then();
  });

  it('has nothing to do when the same items come in another order', () => {
    const phone = '7d2a7a1f-69b6-4c1a-8b55-2c7a4e2a8b13';
    const phoneAdded: FamilyEvent = { type: 'CategoryAdded', data: { categoryId: phone, kind: 'fixed', name: rent } };
    const items = [rentItem(), { ...rentItem('20.00'), categoryId: phone }];
    const there = planned({
      savings: '90000',
      fixed: [{ categoryId: UNNAMED, planned: '48000' }, { categoryId: RENT, planned: '150000' }, { categoryId: phone, planned: '2000' }],
    });
    for (const fixed of [items, items.toReversed()]) {
      rules.given(...home(), rentAdded(), phoneAdded, there as FamilyEvent).when(setPlan({ fixed })).then();
    }
  });

  it('is kept for a later period even when an earlier plan says the same: the earlier one may change', () => {
    const command = setPlan({ savingsGoal: amount('500.00'), period: day('2026-05-01') });
    rules.given(...home()).when(command).then(planned({ savings: '50000', period: day('2026-05-01') }));
  });

  it.each<[string, FixedItem[], string]>([
    ['a category the family does not have', [rentItem()], 'unknown_category'],
    ['one of another kind', [{ ...rentItem(), categoryId: defaultCategoryId(HOME, 'variable') }], 'wrong_kind'],
  ])('is refused with %s', (_, fixed, code) => {
    rules.given(...home()).when(setPlan({ fixed })).refuses('VALIDATION_FAILED', { errors: [{ pointer: '/fixed/0/categoryId', code }] });
  });

  it('is refused with one category twice', () => {
    const fixed = [rentItem('1.00'), rentItem('2.00')];
    rules.given(...home(), rentAdded()).when(setPlan({ fixed }))
      .refuses('VALIDATION_FAILED', { errors: [{ pointer: '/fixed/1/categoryId', code: 'repeated' }] });
  });

  it('is refused with an archived category', () => {
    const archived: FamilyEvent = { type: 'CategoryArchived', data: { categoryId: RENT } };
    rules.given(...home(), rentAdded(), archived).when(setPlan({ fixed: [rentItem()] }))
      .refuses('CATEGORY_ARCHIVED', { errors: [{ pointer: '/fixed/0/categoryId', code: 'archived' }] });
  });

  it('is refused when the items come to more than the fixed expenses', () => {
    rules.given(...home(), rentAdded()).when(setPlan({ fixed: [rentItem('2000.01')] }))
      .refuses('VALIDATION_FAILED', { errors: [{ pointer: '/fixedExpenses', code: 'too_small' }] });
  });

  it('is refused when the default category is among the items with another amount than they leave', () => {
    const fixed = [{ categoryId: UNNAMED, name: null, planned: amount('400.00') }, rentItem()];
    rules.given(...home(), rentAdded()).when(setPlan({ fixed }))
      .refuses('VALIDATION_FAILED', { errors: [{ pointer: '/fixedExpenses', code: 'not_the_sum' }] });
  });

  it.each([
    ['/monthlyIncome', { monthlyIncome: amount('1.001') }],
    ['/fixedExpenses', { fixedExpenses: amount('1.001') }],
    ['/savingsGoal', { savingsGoal: amount('1.001') }],
    ['/fixed/0/planned', { fixed: [rentItem('1.001')] }],
  ])('is refused with more decimals than the currency has at %s', (pointer, change) => {
    rules.given(...home(), rentAdded()).when(setPlan(change)).refuses('AMOUNT_PRECISION', { errors: [{ pointer }] });
  });

  it('is refused beyond what anybody may enter', () => {
    rules.given(...home()).when(setPlan({ monthlyIncome: amount('10000000000000.01') }))
      .refuses('VALIDATION_FAILED', { errors: [{ pointer: '/monthlyIncome', code: 'too_big' }] });
  });

  it('is refused before the budget starts, and more than two years ahead', () => {
    const pointer = '/period';
    rules.given(...home()).when(setPlan({ period: day('2026-03-31') })).refuses('BEFORE_BUDGET_START', { errors: [{ pointer }] });
    rules.given(...home()).when(setPlan({ period: day('2028-04-10') })).then(planned({ period: day('2028-04-01') }));
    rules.given(...home()).when(setPlan({ period: day('2028-04-11') })).refuses('DATE_OUT_OF_RANGE', { errors: [{ pointer, code: 'too_far' }] });
  });

  it('is refused for a closed period', () => {
    const may = planRules('2026-05-02');
    may.given(...home(), aprilClosed).when(setPlan({ period: april })).refuses('PERIOD_CLOSED', { errors: [{ pointer: '/period', code: 'closed' }] });
    may.given(...home(), aprilClosed).when(setPlan()).then(planned({ period: day('2026-05-01') }));
  });

  it('is refused with more than a hundred categories, archived ones included', () => {
    const hundred = Array.from({ length: 97 }, (_, index): FamilyEvent => {
      return { type: 'CategoryAdded', data: { categoryId: uuidV5(HOME, String(index)), kind: 'variable', name: sealedBy('ada', `${index}`) } };
    });
    const fixed = [{ categoryId: RENT, name: rent, planned: amount('1500.00') }];
    rules.given(...home(), ...hundred).when(setPlan({ fixed })).refuses('VALIDATION_FAILED');
    expect(() => rules.given(...home(), ...hundred.slice(1)).when(setPlan({ fixed })).isQuietWhenRepeated()).not.toThrow();
  });

  it('leaves nothing to do for a repeat, whatever was planned', () => {
    const digits = fc.nat(1_000_000).map((whole) => amount(String(whole)));
    const anyPlan = fc.record({
      period: fc.constantFrom(null, april, day('2026-07-15'), day('2028-04-10')),
      monthlyIncome: digits,
      fixedExpenses: fc.integer({ min: 3_000_000, max: 4_000_000 }).map((whole) => amount(String(whole))),
      savingsGoal: digits,
      expectedVersion: fc.constantFrom(null, 1),
      fixed: fc.uniqueArray(fc.uuid(), { maxLength: 3 }).chain((ids) =>
        fc.tuple(...ids.map((categoryId) => fc.record({ categoryId: fc.constant(categoryId), name: fc.constant(rent), planned: digits }))),
      ),
    });
    fc.assert(fc.property(anyPlan, (change) => rules.given(...home()).when(setPlan(change)).isQuietWhenRepeated()));
  });
});

describe('a plan made from an older one', () => {
  it('is set when it was made from the newest', () => {
    rules.given(...home()).when(setPlan({ expectedVersion: 1 })).then(planned());
  });

  it('has nothing to do when the newest says the same, whatever it was made from', () => {
    rules.given(...home(), planned() as FamilyEvent).when(setPlan({ expectedVersion: 1 })).then();
  });

  it('is a conflict, which tells what counts now and what of it is otherwise', () => {
    const may = planSet('2026-05-01', { savings: 90_000, fixed: 210_000 }, 1) as FamilyEvent;
    rules.given(...home(), may).when(setPlan({ expectedVersion: 1, period: day('2026-06-01') })).refuses('VERSION_CONFLICT', {
      current: {
        version: 2,
        period: '2026-06-01',
        since: '2026-05-01',
        monthlyIncome: '5000.00',
        fixedExpenses: '2100.00',
        fixed: [{ categoryId: UNNAMED, planned: '2100.00' }],
        savingsGoal: '900.00',
      },
      changedFields: ['fixedExpenses', 'fixed'],
    });
  });

  it('is a conflict in what is named alone, when the sum is the same', () => {
    const change = setPlan({ expectedVersion: 0, savingsGoal: amount('1.00'), monthlyIncome: amount('1.00'), fixed: [rentItem()] });
    rules.given(...home(), rentAdded()).when(change)
      .refuses('VERSION_CONFLICT', { changedFields: ['monthlyIncome', 'fixed', 'savingsGoal'] });
  });

  it('is a conflict in all fields where there is none', () => {
    rules.given(...homeWithoutPlan()).when(setPlan({ expectedVersion: 3 })).refuses('VERSION_CONFLICT', {
      current: { version: 0, period: '2026-04-01' },
      changedFields: ['monthlyIncome', 'fixedExpenses', 'fixed', 'savingsGoal'],
    });
  });
});

describe('settling a fixed item', () => {
  const settle = (change: Partial<SettleFixedItem> = {}): SettleFixedItem => {
    return { type: 'settleFixedItem', familyId: HOME, by: 'ada', categoryId: UNNAMED, period: day('2026-04-20'), ...change };
  };
  const settled = (period = april, categoryId = UNNAMED): PlanEvent => ({ type: 'FixedItemSettled', data: { period, categoryId } });

  it('says so for one item of one period', () => {
    rules.given(...home()).when(settle()).then(settled());
    rules.given(...home(), rentAdded(), settled() as FamilyEvent).when(settle({ categoryId: RENT })).then(settled(april, RENT));
    rules.given(...home(), settled() as FamilyEvent).when(settle({ period: day('2026-05-01') })).then(settled(day('2026-05-01')));
  });

  it('has nothing to do when it is settled', () => {
    rules.given(...home(), settled() as FamilyEvent).when(settle()).then();
  });

  it('is refused for a category that is not there, or is not fixed', () => {
    rules.given(...home()).when(settle({ categoryId: RENT })).refuses('NOT_FOUND');
    rules.given(...home()).when(settle({ categoryId: defaultCategoryId(HOME, 'savings') }))
      .refuses('VALIDATION_FAILED', { errors: [{ pointer: '/categoryId', code: 'wrong_kind' }] });
  });

  it('is refused in a closed period, before the budget starts and more than two years ahead', () => {
    planRules('2026-05-02').given(...home(), aprilClosed).when(settle()).refuses('PERIOD_CLOSED');
    rules.given(...home()).when(settle({ period: day('2026-03-31') })).refuses('BEFORE_BUDGET_START');
    rules.given(...home()).when(settle({ period: day('2028-04-11') })).refuses('DATE_OUT_OF_RANGE');
  });

  it('leaves nothing to do for a repeat, whatever was settled', () => {
    const items = fc.record({ categoryId: fc.constantFrom(UNNAMED, RENT), period: fc.constantFrom(april, day('2026-04-30'), day('2027-02-14')) });
    fc.assert(fc.property(items, (item) => rules.given(...home(), rentAdded()).when(settle(item)).isQuietWhenRepeated()));
  });
});
