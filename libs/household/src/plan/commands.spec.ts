import { validationFailedBy } from '@daybook/platform';
import { planCommands } from './execute-plan.js';

const contracts = new Map(planCommands.map(({ contract }) => [contract.name, contract]));
const LONG = 'x'.repeat(1_000_000);

/** Of the command's example, with something else in it. */
function errorsOf(name: string, change: object): unknown {
  const contract = contracts.get(name);
  if (contract === undefined) throw new Error(`there is no ${name}`);
  const parsed = contract.args.safeParse({ ...(contract.example as object), ...change });
  return parsed.success ? [] : validationFailedBy(parsed.error).data.errors;
}

describe('the commands of the plan', () => {
  it.each([...contracts.keys()])('%s is taken as its example gives it', (name) => {
    expect(errorsOf(name, {})).toEqual([]);
  });

  it.each([...contracts.keys()])('%s takes nothing it does not know, and no family without an id', (name) => {
    expect(errorsOf(name, { userId: 'bob' })).toEqual([{ pointer: '/userId', code: 'unknown_field', message: 'There is no such field' }]);
    for (const familyId of [undefined, null, 7, 'mine', '', {}, LONG]) {
      expect(errorsOf(name, { familyId })).toMatchObject([{ pointer: '/familyId' }]);
    }
  });

  it.each<[string, object, string, string]>([
    ['setBudgetPlan', { monthlyIncome: '-1' }, '/monthlyIncome', 'too_small'],
    ['setBudgetPlan', { monthlyIncome: undefined }, '/monthlyIncome', 'required'],
    ['setBudgetPlan', { fixedExpenses: '1e3' }, '/fixedExpenses', 'invalid_amount'],
    ['setBudgetPlan', { savingsGoal: null }, '/savingsGoal', 'invalid_amount'],
    ['setBudgetPlan', { period: '2026-02-30' }, '/period', 'invalid_date'],
    ['setBudgetPlan', { period: 'today' }, '/period', 'invalid_date'],
    ['setBudgetPlan', { expectedVersion: -1 }, '/expectedVersion', 'too_small'],
    ['setBudgetPlan', { expectedVersion: 1.5 }, '/expectedVersion', 'invalid_type'],
    ['setBudgetPlan', { fixed: {} }, '/fixed', 'invalid_type'],
    ['setBudgetPlan', { fixed: [{ planned: '1' }] }, '/fixed/0', 'either_or'],
    ['setBudgetPlan', { fixed: [{ planned: '1', name: 'Rent', categoryId: '2fe3b004-9430-58a2-a09b-28855e9b073f' }] }, '/fixed/0', 'either_or'],
    ['setBudgetPlan', { fixed: [{ name: 'Rent' }] }, '/fixed/0/planned', 'required'],
    ['setBudgetPlan', { fixed: [{ name: '\u0000', planned: '1' }] }, '/fixed/0/name', 'invalid_characters'],
    ['setBudgetPlan', { fixed: [{ categoryId: 'rent', planned: '1' }] }, '/fixed/0/categoryId', 'invalid_uuid'],
    ['setBudgetPlan', { fixed: [{ name: 'Rent', planned: '1', kind: 'fixed' }] }, '/fixed/0/kind', 'unknown_field'],
    ['setBudgetPlan', { fixed: Array(51).fill({ name: 'Rent', planned: '1' }) }, '/fixed', 'too_big'],
    ['settleFixedItem', { categoryId: 'fixed' }, '/categoryId', 'invalid_uuid'],
    ['settleFixedItem', { period: 20260401 }, '/period', 'invalid_type'],
    ['addCategory', { kind: 'income' }, '/kind', 'invalid_value'],
    ['addCategory', { name: ' ' }, '/name', 'invalid_length'],
    ['addCategory', { name: LONG }, '/name', 'invalid_length'],
    ['addCategory', { name: 'a\u202eb' }, '/name', 'invalid_characters'],
    ['addCategory', { categoryId: 7 }, '/categoryId', 'invalid_type'],
    ['renameCategory', { name: 'a\nb' }, '/name', 'invalid_characters'],
    ['archiveCategory', { categoryId: undefined }, '/categoryId', 'required'],
    ['restoreCategory', { categoryId: [] }, '/categoryId', 'invalid_type'],
    ['changeFamilySettings', { timeZone: 'europe/london' }, '/timeZone', 'invalid_time_zone'],
    ['changeFamilySettings', { timeZone: undefined }, '/effective', 'not_needed'],
    ['changeFamilySettings', { startDay: 32 }, '/startDay', 'too_big'],
    ['changeFamilySettings', { startDay: 0 }, '/startDay', 'too_small'],
    ['changeFamilySettings', { startDay: '1' }, '/startDay', 'invalid_type'],
    ['changeFamilySettings', { endPolicy: 'keep' }, '/endPolicy', 'invalid_value'],
    ['changeFamilySettings', { effective: 'yesterday' }, '/effective', 'invalid_value'],
    ['changeFamilySettings', { currency: 'EUR' }, '/currency', 'unknown_field'],
    ['closePeriod', { period: '2026-04' }, '/period', 'invalid_date'],
    ['closePeriod', { reason: LONG }, '/reason', 'invalid_length'],
    ['reopenPeriod', { period: undefined }, '/period', 'required'],
    ['reopenPeriod', { reason: 7 }, '/reason', 'invalid_type'],
  ])('%s with %p is refused at %s as %s', (name, change, pointer, code) => {
    expect(errorsOf(name, change)).toContainEqual(expect.objectContaining({ pointer, code }));
  });

  it('refuses settings in which nothing is set', () => {
    expect(errorsOf('changeFamilySettings', { timeZone: undefined, effective: undefined })).toEqual([
      { pointer: '', code: 'required', message: 'Give at least one of name, timeZone, startDay, endPolicy' },
    ]);
  });

  it.each(['startDay', 'endPolicy', 'name'] as const)('takes %s alone', (name) => {
    const alone = { timeZone: undefined, effective: undefined, startDay: 25, endPolicy: 'reset', name: 'Home' };
    const others = { startDay: undefined, endPolicy: undefined, name: undefined };
    expect(errorsOf('changeFamilySettings', { ...alone, ...others, [name]: alone[name] })).toEqual([]);
  });
});
