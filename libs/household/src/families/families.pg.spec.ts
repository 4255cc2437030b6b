import { parseCivilDate, parseUuid } from '@daybook/kernel';
import { freshness } from '@daybook/platform';
import { familyCreated, HOME, planSet } from '../../../../test/support/budget-events.js';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { familyStream } from '../family/family-stream.js';
import { categoryNameField, familyNameField } from '../sealed-fields.js';
import type { FamilyDocument } from './document.js';
import { memberAccess } from './index.js';
import { FamiliesQueries } from './queries.js';

const RENT = '11111111-1111-4111-8111-111111111111';
const stream = familyStream(HOME);

describe('a family', () => {
  let rig: HouseholdRig;
  let queries: FamiliesQueries;
  beforeEach(async () => {
    rig = await HouseholdRig.open();
    queries = new FamiliesQueries(rig.readModels(), rig.vault, rig.clock);
  });
  afterEach(() => rig.close());

  async function givenHome(change: Parameters<typeof familyCreated>[0] = {}): Promise<void> {
    const name = await rig.vault.seal('ada', familyNameField(HOME), 'Home');
    await rig.given(stream, ...familyCreated({ name, ...change }));
  }

  async function givenRent(): Promise<void> {
    const name = await rig.vault.seal('ada', categoryNameField(HOME, RENT), 'Rent');
    await rig.given(stream, { type: 'CategoryAdded', data: { categoryId: RENT, kind: 'fixed', name } });
  }

  const detailsFor = async (userId: string) => (await queries.getFamilyDetails({ familyId: HOME }, rig.as(userId))).data;
  const categoriesFor = async (args: Partial<Parameters<FamiliesQueries['getCategories']>[0]>) => {
    const { data } = await queries.getCategories({ familyId: parseUuid(HOME), includeArchived: false, ...args }, rig.as('ada'));
    return data['categories'];
  };

  it('is shown to a member with its own today rather than the server\'s, its categories and the plan that counts', async () => {
    await givenHome({ timeZone: 'Asia/Tokyo' });
    const [fixed, variable, savings] = (['fixed', 'variable', 'savings'] as const).map((kind) => defaultCategoryId(HOME, kind));
    expect(await detailsFor('ada')).toEqual({
      familyId: HOME,
      name: 'Home',
      currency: 'EUR',
      currencyDigits: 2,
      timeZone: 'Asia/Tokyo',
      today: '2026-04-02',
      startDay: 1,
      budgetStartDate: '2026-04-01',
      carryMode: 'redistribute',
      endPolicy: 'carryBoth',
      role: 'manager',
      version: 5,
      members: [{ userId: 'ada', role: 'manager', joinedAt: '2026-04-01T09:30:00.000Z' }],
      categories: [
        { categoryId: fixed, kind: 'fixed', name: 'Fixed', isDefault: true, isArchived: false },
        { categoryId: variable, kind: 'variable', name: 'Variable', isDefault: true, isArchived: false },
        { categoryId: savings, kind: 'savings', name: 'Savings', isDefault: true, isArchived: false },
      ],
      plan: {
        period: '2026-04-01',
        periodEnd: '2026-04-30',
        since: '2026-04-01',
        version: 1,
        monthlyIncome: '5000.00',
        fixedExpenses: '2000.00',
        fixed: [{ categoryId: fixed, planned: '2000.00' }],
        savingsGoal: '500.00',
      },
    });
  });

  it('is not there for anybody else, in the words of one that does not exist', async () => {
    await givenHome();
    const notThere = { code: 'NOT_FOUND', detail: 'There is no such family among yours.' };
    for (const familyId of [HOME, HOME.replace('0b', 'ff')]) {
      const args = { familyId: parseUuid(familyId), includeArchived: false };
      await expect(queries.getFamilyDetails(args, rig.as('bob'))).rejects.toMatchObject(notThere);
      await expect(queries.getCategories(args, rig.as('bob'))).rejects.toMatchObject(notThere);
    }
  });

  it('loses the words of a person who was forgotten, and nothing else', async () => {
    await givenHome();
    await givenRent();
    await rig.vault.forget('ada');
    expect(await detailsFor('ada')).toMatchObject({ name: '[forgotten]', currency: 'EUR' });
    expect(await categoriesFor({ kind: 'fixed' })).toMatchObject([{ name: 'Fixed' }, { categoryId: RENT, name: '[forgotten]' }]);
  });

  it('answers the categories in use, of one kind or of all, and the archived ones when asked for', async () => {
    await givenHome();
    await givenRent();
    const name = await rig.vault.seal('bob', categoryNameField(HOME, RENT), 'Flat');
    const before = await rig.vault.seal('ada', categoryNameField(HOME, RENT), 'Rent');
    await rig.given(stream, { type: 'CategoryRenamed', data: { categoryId: RENT, before, after: name } });
    const flat = { categoryId: RENT, kind: 'fixed', name: 'Flat', isDefault: false };
    expect(await categoriesFor({})).toHaveLength(4);
    expect(await categoriesFor({ kind: 'fixed' })).toEqual([expect.objectContaining({ name: 'Fixed' }), { ...flat, isArchived: false }]);

    await rig.given(stream, { type: 'CategoryArchived', data: { categoryId: RENT } });
    expect(await categoriesFor({ kind: 'fixed' })).toMatchObject([{ name: 'Fixed' }]);
    expect(await categoriesFor({ kind: 'fixed', includeArchived: true })).toMatchObject([{}, { ...flat, isArchived: true }]);

    await rig.given(stream, { type: 'CategoryRestored', data: { categoryId: RENT } });
    expect(await categoriesFor({ kind: 'fixed' })).toMatchObject([{}, { ...flat, isArchived: false }]);
  });

  it('has no plan before its budget starts, and the one for a later period from that period on', async () => {
    await givenHome({ budgetStartDate: '2026-05-01' });
    await rig.given(stream, planSet('2026-06-01', { income: 600_000 }, 1));
    expect(await detailsFor('ada')).toMatchObject({ today: '2026-04-02', startDay: 1, budgetStartDate: '2026-05-01', plan: null });

    rig.itIsNow('2026-05-31T12:00:00.000Z');
    expect(await detailsFor('ada')).toMatchObject({ plan: { period: '2026-05-01', since: '2026-05-01', monthlyIncome: '5000.00', version: 2 } });

    rig.itIsNow('2026-07-01T12:00:00.000Z');
    expect(await detailsFor('ada')).toMatchObject({ plan: { period: '2026-07-01', since: '2026-06-01', monthlyIncome: '6000.00', version: 2 } });
  });

  it('keeps in its document only plans that can still count, however many there were', async () => {
    await givenHome();
    const months = ['05', '06', '07', '08'];
    for (const [index, month] of months.entries()) {
      const on = `2026-${month}-01`;
      await rig.givenUnder({ on }, stream, planSet(on, { income: 500_000 + index }, index + 1), {
        type: 'FixedItemSettled',
        data: { period: parseCivilDate(on), categoryId: RENT },
      });
    }
    rig.itIsNow('2026-08-15T12:00:00.000Z');
    const space = { kind: 'family', id: HOME } as const;
    const { data } = await rig.readModels().read({ space, ...freshness(rig.as('ada')) }, (trx) =>
      memberAccess(trx, HOME, 'ada', rig.clock.now()),
    );
    expect(data).toMatchObject({ role: 'manager', today: '2026-08-15', currency: 'EUR' });
    expect(data.budget).toMatchObject({ version: 5, zones: [{ timeZone: 'Europe/London' }] });
    const { rows } = await rig.database.pool.query<{ document: string }>(
      `select document from projection_documents where projection like 'families%'`,
    );
    const { budget, fixedCategories } = JSON.parse(rows[0]?.document ?? '') as FamilyDocument;
    expect(budget).toMatchObject({ plans: [{ period: '2026-08-01', income: '500003', fixed: { 0: '200000' } }], settled: {} });
    expect(fixedCategories[0]).toBe(defaultCategoryId(HOME, 'fixed'));
    expect(await detailsFor('ada')).toMatchObject({ plan: { fixed: [{ categoryId: fixedCategories[0], planned: '2000.00' }] } });
  });

  it('takes over a new name, zone, start day and end policy', async () => {
    await givenHome();
    const before = await rig.vault.seal('ada', familyNameField(HOME), 'Home');
    const after = await rig.vault.seal('ada', familyNameField(HOME), 'House');
    const from = parseCivilDate('2026-05-01');
    await rig.given(stream, {
      type: 'FamilySettingsChanged',
      data: {
        name: { before, after },
        timeZone: { before: 'Europe/London', after: 'Asia/Tokyo', from },
        startDay: { before: 1, after: 25, from },
        endPolicy: { before: 'carryBoth', after: 'reset' },
      },
    });
    expect(await detailsFor('ada')).toMatchObject({ name: 'House', timeZone: 'Europe/London', startDay: 1, endPolicy: 'reset' });
    rig.itIsNow('2026-04-30T23:30:00.000Z');
    expect(await detailsFor('ada')).toMatchObject({
      timeZone: 'Asia/Tokyo',
      startDay: 25,
      plan: { period: '2026-05-01', periodEnd: '2026-05-24' },
    });
  });
});
