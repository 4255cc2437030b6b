import fc from 'fast-check';
import { parseCivilDate, type Sealed } from '@daybook/kernel';
import { rulesOf } from '../../../../test/support/decider.js';
import type { AmountText } from '../amount-input.js';
import { defaultCategoryId } from '../family/default-categories.js';
import type { FamilyEvent } from '../family/family-events.js';
import type { CreateFamily, PlanAmounts } from './commands.js';
import { membershipDecider } from './decide.js';
import type { MembershipEvent } from './events.js';
import { evolveMembership, initialMembership } from './state.js';

const familyId = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';
const sealed = (data: string): Sealed => ({ sealed: 1, subject: 'ada', data });
const amount = (text: string): AmountText => text as AmountText;
const april = parseCivilDate('2026-04-01');

const amounts: PlanAmounts = {
  monthlyIncome: amount('5000.00'),
  fixedExpenses: amount('2000.00'),
  savingsGoal: amount('500.00'),
};
const foundHome: CreateFamily = {
  type: 'createFamily',
  familyId,
  name: sealed('home'),
  currency: 'EUR',
  timeZone: 'Europe/London',
  founder: 'ada',
  budgetStartDate: april,
  startDay: null,
  carryMode: 'redistribute',
  endPolicy: 'carryBoth',
  plan: amounts,
};
const homeCreated: FamilyEvent = {
  type: 'FamilyCreated',
  data: {
    familyId,
    name: sealed('home'),
    currency: 'EUR',
    timeZone: 'Europe/London',
    budgetStartDate: april,
    startDay: 1,
    carryMode: 'redistribute',
    endPolicy: 'carryBoth',
  },
};
const adaFounded: MembershipEvent = { type: 'MemberJoined', data: { userId: 'ada', role: 'manager', via: 'founding' } };
const categoriesAdded = (['fixed', 'variable', 'savings'] as const).map((kind): FamilyEvent => {
  return { type: 'CategoryAdded', data: { categoryId: defaultCategoryId(familyId, kind), kind, name: null } };
});
const planSet: FamilyEvent = {
  type: 'BudgetPlanSet',
  data: {
    period: april,
    income: '500000',
    fixed: [{ categoryId: defaultCategoryId(familyId, 'fixed'), planned: '200000' }],
    savings: '50000',
    fromVersion: 0,
  },
};
const home = [homeCreated, adaFounded, ...categoriesAdded];

// 2026-04-10 in London, and already the 11th in Tokyo.
const now = Date.parse('2026-04-10T18:00:00.000Z');

describe('creating a family', () => {
  const rules = rulesOf(membershipDecider, { now });

  it('makes the family, its first manager, a category of each kind and its plan at once', () => {
    rules.given().when(foundHome).then(...home, planSet);
  });

  it('makes no plan when no amounts are given', () => {
    rules.given().when({ ...foundHome, plan: null }).then(...home);
  });

  it('starts the budget today where the family is, when no day is given', () => {
    const command: CreateFamily = { ...foundHome, budgetStartDate: null, timeZone: 'Asia/Tokyo', plan: null };
    const data = { ...homeCreated.data, timeZone: 'Asia/Tokyo', budgetStartDate: parseCivilDate('2026-04-11'), startDay: 11 };
    rules.given().when(command).then({ type: 'FamilyCreated', data } as FamilyEvent, adaFounded, ...categoriesAdded);
  });

  it('starts periods on the day that is given, whatever day the budget starts on', () => {
    const data = { ...homeCreated.data, startDay: 25 };
    rules.given().when({ ...foundHome, startDay: 25, plan: null }).then({ type: 'FamilyCreated', data } as FamilyEvent, ...home.slice(1));
  });

  it.each(['2021-04-10', '2028-04-10'])('may start the budget on %s, years away', (day) => {
    const command: CreateFamily = { ...foundHome, budgetStartDate: parseCivilDate(day), plan: null };
    expect(membershipDecider.decide(command, membershipDecider.initial, { now })).toHaveLength(5);
  });

  it.each(['2021-04-09', '2028-04-11'])('is refused with a budget that starts on %s', (day) => {
    rules.given().when({ ...foundHome, budgetStartDate: parseCivilDate(day) }).refuses('DATE_OUT_OF_RANGE');
  });

  it.each(Object.keys(amounts))('is refused with more decimals than the currency has in %s, and names the field', (field) => {
    const plan = { ...amounts, [field]: amount('10.001') };
    const decide = () => membershipDecider.decide({ ...foundHome, plan }, membershipDecider.initial, { now });
    expect(decide).toThrow(
      expect.objectContaining({
        code: 'AMOUNT_PRECISION',
        data: { errors: [expect.objectContaining({ pointer: `/${field}`, code: 'too_many_decimals' })] },
      }),
    );
  });

  it('has nothing to do when the same founder creates the same family again', () => {
    rules.given(...home, planSet).when(foundHome).then();
  });

  it('has nothing to do when name, zone and plan were changed since', () => {
    const settings: FamilyEvent = {
      type: 'FamilySettingsChanged',
      data: {
        name: { before: sealed('home'), after: sealed('cottage') },
        timeZone: { before: 'Europe/London', after: 'Asia/Tokyo', from: april },
      },
    };
    const laterPlan = { ...planSet, data: { ...planSet.data, income: '1', fromVersion: 1 } } as FamilyEvent;
    rules.given(...home, planSet, settings, laterPlan).when(foundHome).then();
  });

  it('has nothing to do when the same is said with fewer words: what is left out matches whatever it was', () => {
    rules.given(...home, planSet).when({ ...foundHome, budgetStartDate: null, plan: null }).then();
  });

  it('has nothing to do when the same amounts are written otherwise', () => {
    rules.given(...home, planSet).when({ ...foundHome, plan: { ...amounts, monthlyIncome: amount('5000') } }).then();
  });

  it.each<[string, Partial<CreateFamily>]>([
    ['another founder', { founder: 'bob' }],
    ['another name', { name: sealed('cottage') }],
    ['a name that somebody else gave', { name: { ...sealed('home'), subject: 'bob' } }],
    ['another currency', { currency: 'USD' }],
    ['another zone', { timeZone: 'Asia/Tokyo' }],
    ['another start', { budgetStartDate: parseCivilDate('2026-05-01') }],
    ['another start day', { startDay: 2 }],
    ['another end policy', { endPolicy: 'reset' }],
    ['another income', { plan: { ...amounts, monthlyIncome: amount('1') } }],
    ['other fixed expenses', { plan: { ...amounts, fixedExpenses: amount('1') } }],
    ['another savings goal', { plan: { ...amounts, savingsGoal: amount('1') } }],
  ])('is refused under an id that is taken, with %s', (_, difference) => {
    rules.given(...home, planSet).when({ ...foundHome, ...difference }).refuses('FAMILY_EXISTS');
  });

  it('is refused with amounts under the id of a family that has no plan', () => {
    rules.given(...home).when(foundHome).refuses('FAMILY_EXISTS');
  });

  it('leaves nothing to do for a repeat, whatever it was created with', () => {
    const digits = fc.nat(1_000_000).map((whole) => amount(String(whole)));
    const anyFamily = fc.record({
      type: fc.constant('createFamily' as const),
      familyId: fc.uuid(),
      name: fc.string({ minLength: 1 }).map(sealed),
      currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
      timeZone: fc.constantFrom('UTC', 'Asia/Tokyo', 'Africa/Cairo'),
      founder: fc.string({ minLength: 1 }),
      budgetStartDate: fc.constantFrom(null, april, parseCivilDate('2027-01-31')),
      startDay: fc.option(fc.integer({ min: 1, max: 31 })),
      carryMode: fc.constant('redistribute' as const),
      endPolicy: fc.constantFrom('carryBoth' as const, 'reset' as const),
      plan: fc.option(fc.record({ monthlyIncome: digits, fixedExpenses: digits, savingsGoal: digits })),
    });
    fc.assert(fc.property(anyFamily, (command) => rules.given().when(command).isQuietWhenRepeated()));
  });
});

describe('the state of a family', () => {
  it('cannot gain a member before it exists', () => {
    expect(() => evolveMembership(initialMembership, adaFounded)).toThrow('never created');
  });

  it('stops at an event it does not know', () => {
    const unknown = { type: 'FamilyTeleported', data: {} } as unknown as MembershipEvent;
    const born = evolveMembership(initialMembership, homeCreated);
    expect(() => evolveMembership(born, unknown)).toThrow('unknown membership event');
  });
});
