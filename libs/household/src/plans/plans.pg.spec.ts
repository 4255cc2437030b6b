import { parseCivilDate, parseUuid } from '@daybook/kernel';
import { familyCreated, HOME, planSet } from '../../../../test/support/budget-events.js';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { familyStream } from '../family/family-stream.js';
import { PlansQueries } from './queries.js';

const stream = familyStream(HOME);
const fixed = defaultCategoryId(HOME, 'fixed');

describe('getBudgetPlan', () => {
  let rig: HouseholdRig;
  let queries: PlansQueries;
  beforeEach(async () => {
    rig = await HouseholdRig.open();
    queries = new PlansQueries(rig.readModels(), rig.clock);
  });
  afterEach(() => rig.close());

  const planOf = async (period?: string, userId = 'ada') => {
    const args = { familyId: parseUuid(HOME), ...(period !== undefined && { period: parseCivilDate(period) }) };
    return (await queries.getBudgetPlan(args, rig.as(userId))).data;
  };

  it('answers the plan of the running period: its amounts, who set it and when, and the version for the next', async () => {
    await rig.given(stream, ...familyCreated());
    expect(await planOf()).toEqual({
      period: '2026-04-01',
      periodEnd: '2026-04-30',
      since: '2026-04-01',
      monthlyIncome: '5000.00',
      fixedExpenses: '2000.00',
      fixed: [{ categoryId: fixed, planned: '2000.00' }],
      savingsGoal: '500.00',
      currency: 'EUR',
      version: 1,
      setAt: '2026-04-01T09:30:00.000Z',
      setBy: 'ada',
    });
  });

  it('counts a plan from its period up to the next plan, and the last one set for a period', async () => {
    await rig.given(stream, ...familyCreated(), planSet('2026-06-01', { savings: 1 }, 1));
    const later = { on: '2026-05-02', recordedAt: '2026-05-02T10:00:00.000Z', actor: 'bob' };
    await rig.givenUnder(later, stream, planSet('2026-05-01', { savings: 2 }, 2), planSet('2026-05-01', { savings: 3 }, 3));
    expect(await planOf('2026-04-30')).toMatchObject({ since: '2026-04-01', savingsGoal: '500.00', setBy: 'ada', version: 4 });
    expect(await planOf('2026-05-31')).toMatchObject({ since: '2026-05-01', savingsGoal: '0.03', setBy: 'bob', version: 4 });
    expect(await planOf('2026-07-04')).toMatchObject({ period: '2026-07-01', periodEnd: '2026-07-31', since: '2026-06-01', savingsGoal: '0.01' });
  });

  it('knows what a plan was long after it gave way to another', async () => {
    await rig.given(stream, ...familyCreated());
    for (const month of ['05', '06', '07']) {
      const on = `2026-${month}-01`;
      await rig.givenUnder({ on }, stream, planSet(on, { income: Number(month) }, Number(month) - 4));
    }
    rig.itIsNow('2026-07-15T12:00:00.000Z');
    expect(await planOf()).toMatchObject({ monthlyIncome: '0.07', version: 4 });
    expect(await planOf('2026-04-10')).toMatchObject({ monthlyIncome: '5000.00', version: 4 });
  });

  it('shows the first plan while the budget has not started', async () => {
    await rig.given(stream, ...familyCreated({ budgetStartDate: '2026-05-10' }));
    expect(await planOf()).toMatchObject({ period: '2026-05-10', since: '2026-05-10' });
  });

  it('says where there is none', async () => {
    const [created, ...others] = familyCreated();
    if (created === undefined) throw new Error('a family begins with its creation');
    await rig.given(stream, created, ...others.slice(0, -1));
    await expect(planOf()).rejects.toMatchObject({ code: 'PLAN_MISSING' });
  });

  it('refuses days before the budget starts and far ahead, with the field', async () => {
    await rig.given(stream, ...familyCreated());
    const refused = (period: string, code: string) =>
      expect(planOf(period)).rejects.toMatchObject({ code, data: { errors: [{ pointer: '/period' }] } });
    await refused('2026-03-31', 'BEFORE_BUDGET_START');
    await refused('9999-12-31', 'DATE_OUT_OF_RANGE');
  });

  it('answers nobody who does not belong to the family', async () => {
    await rig.given(stream, ...familyCreated());
    await expect(planOf('2026-04-01', 'bob')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
