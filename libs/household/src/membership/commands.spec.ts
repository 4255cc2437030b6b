import { validationFailedBy } from '@daybook/platform';
import { createFamily } from './commands.js';

function errorsOf(args: object): unknown {
  const parsed = createFamily.args.safeParse({ name: 'Home', ...args });
  return parsed.success ? [] : validationFailedBy(parsed.error).data.errors;
}

describe('the arguments of createFamily', () => {
  it.each<[string, unknown, string, string]>([
    ['currency', 'eur', 'invalid_currency', 'must be an ISO 4217 code in capitals, such as EUR'],
    [
      'timeZone',
      'europe/london',
      'invalid_time_zone',
      'must be an IANA time zone such as Europe/London (Region/City or UTC, exact spelling)',
    ],
    ['name', '  ', 'invalid_length', 'must have between 1 and 80 characters'],
    ['name', 'a\tb', 'invalid_characters', 'must not have control characters'],
    ['familyId', 'mine', 'invalid_uuid', 'must be a UUID'],
    ['budgetStartDate', '2026-02-30', 'invalid_date', 'must be a day of the calendar, written YYYY-MM-DD'],
    ['carryMode', 'fixedDaily', 'invalid_value', 'Expected redistribute'],
    ['endPolicy', 'keep', 'invalid_value', 'Expected carryBoth or carryDeficitOnly or sweepSurplusToSavings or reset'],
    ['members', [], 'unknown_field', 'There is no such field'],
  ])('%s: %j is refused as %s', (field, value, code, message) => {
    expect(errorsOf({ [field]: value })).toEqual([{ pointer: `/${field}`, code, message }]);
  });

  it.each([0, 32, 1.5, '1'])('no month has a day %p to start on', (startDay) => {
    expect(errorsOf({ startDay })).toMatchObject([{ pointer: '/startDay' }]);
  });

  it.each(['-1', '1e3', null, {}])('%p is no income', (monthlyIncome) => {
    expect(errorsOf({ monthlyIncome, fixedExpenses: '1', savingsGoal: '1' })).toMatchObject([{ pointer: '/monthlyIncome' }]);
  });

  it('are taken as its example gives them', () => {
    expect(errorsOf(createFamily.example)).toEqual([]);
  });

  it('are complete with a name alone', () => {
    expect(createFamily.args.parse({ name: 'Home' })).toEqual({
      name: 'Home',
      currency: 'USD',
      timeZone: 'UTC',
      carryMode: 'redistribute',
      endPolicy: 'carryBoth',
    });
  });

  it('have all amounts of the plan or none, and name what is missing', () => {
    const message = 'The plan needs monthlyIncome, fixedExpenses, savingsGoal: give all of them, or none';
    const missing = (...fields: string[]) => fields.map((field) => ({ pointer: `/${field}`, code: 'required', message }));
    expect(errorsOf({ monthlyIncome: 5000 })).toEqual(missing('fixedExpenses', 'savingsGoal'));
    expect(errorsOf({ fixedExpenses: '0', savingsGoal: '0' })).toEqual(missing('monthlyIncome'));
    expect(errorsOf({ monthlyIncome: 5000, fixedExpenses: '0', savingsGoal: '0' })).toEqual([]);
  });
});
