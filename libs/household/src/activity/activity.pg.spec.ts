import { parseCivilDate, parseUuid } from '@daybook/kernel';
import { formatPosition } from '@daybook/eventsourcing';
import { amended, familyCreated, HOME, income, planSet, recorded, spending } from '../../../../test/support/budget-events.js';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { defaultCategoryId } from '../family/default-categories.js';
import type { HouseholdEvent } from '../family/family-events.js';
import { familyStream, ledgerStream } from '../family/family-stream.js';
import { categoryNameField, descriptionField, familyNameField, periodReasonField, voidReasonField } from '../sealed-fields.js';
import { getFamilyActivity, type ActivityEntry } from './contracts.js';
import { ActivityQueries } from './queries.js';

const stream = familyStream(HOME);
const april = ledgerStream(HOME, '2026-04' as Parameters<typeof ledgerStream>[1]);
const RENT = '11111111-1111-4111-8111-111111111111';
const [fixed, variable] = (['fixed', 'variable'] as const).map((kind) => defaultCategoryId(HOME, kind));

describe('getFamilyActivity', () => {
  let rig: HouseholdRig;
  let queries: ActivityQueries;
  beforeEach(async () => {
    rig = await HouseholdRig.open();
    queries = new ActivityQueries(rig.readModels(), rig.vault, rig.clock, rig.logIdentity);
    const name = await rig.vault.seal('ada', familyNameField(HOME), 'Home');
    await rig.given(stream, ...familyCreated({ name }));
  });
  afterEach(() => rig.close());

  const ask = async (args: object = {}, userId = 'ada') => {
    const parsed = getFamilyActivity.args.parse({ familyId: HOME, ...args });
    const { data, nextCursor } = await queries.getFamilyActivity(parsed, rig.as(userId));
    return { entries: data['entries'] as unknown as ActivityEntry[], nextCursor };
  };
  const newest = async (): Promise<ActivityEntry | undefined> => (await ask({ limit: 1 })).entries[0];

  it('tells how a family began, who did it and when, the last thing first', async () => {
    const { entries, nextCursor } = await ask();
    expect(entries.map(({ type }) => type)).toEqual([
      'budgetPlanSet', 'categoryAdded', 'categoryAdded', 'categoryAdded', 'memberJoined', 'familyCreated',
    ]);
    expect(nextCursor).toBeNull();
    const [plan, , , addedFixed, joined, created] = entries;
    const common = { at: '2026-04-01T09:30:00.000Z', on: '2026-04-01', actor: 'ada' };
    expect(created).toEqual({
      ...common,
      position: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{16}$/),
      type: 'familyCreated',
      name: 'Home',
      currency: 'EUR',
      timeZone: 'Europe/London',
      budgetStartDate: '2026-04-01',
      startDay: 1,
      carryMode: 'redistribute',
      endPolicy: 'carryBoth',
    });
    expect(joined).toMatchObject({ ...common, userId: 'ada', role: 'manager' });
    expect(addedFixed).toMatchObject({ categoryId: fixed, kind: 'fixed', name: 'Fixed' });
    expect(plan).toMatchObject({
      version: 1,
      plan: { since: '2026-04-01', monthlyIncome: '5000.00', fixed: [{ categoryId: fixed, planned: '2000.00' }], savingsGoal: '500.00' },
    });
  });

  it('shows a transaction before and after each change, with what people wrote', async () => {
    const bread = recorded('bread', spending('2026-04-02', 450));
    if (bread.type !== 'TransactionRecorded') throw new Error('it begins with a record');
    const { transactionId } = bread.data;
    const before = { ...spending('2026-04-02', 450), description: await rig.vault.seal('ada', descriptionField(HOME, transactionId), 'Bread') };
    const after = { ...before, ...spending('2026-04-03', 500), description: before.description };
    const reason = await rig.vault.seal('bob', voidReasonField(HOME, transactionId), 'Not ours');
    await rig.given(april, { type: 'TransactionRecorded', data: { ...bread.data, ...before } });
    const later = { actor: 'bob', on: '2026-04-04', recordedAt: '2026-04-04T20:00:00.000Z' };
    await rig.givenUnder(later, april, amended('bread', 1, before, after));
    await rig.givenUnder(later, april, { type: 'TransactionVoided', data: { transactionId, fromVersion: 2, before: after, reason } });

    const shown = { type: 'expense', timing: 'posted', currency: 'EUR', category: 'variable', categoryId: variable, paidBy: 'ada' };
    const first = { ...shown, date: '2026-04-02', amount: '4.50', description: 'Bread' };
    const second = { ...shown, date: '2026-04-03', amount: '5.00', description: 'Bread' };
    const { entries } = await ask({ limit: 3, order: 'desc' });
    expect(entries).toMatchObject([
      { type: 'transactionVoided', actor: 'bob', on: '2026-04-04', version: 3, transactionId, before: second, reason: 'Not ours' },
      { type: 'transactionAmended', actor: 'bob', version: 2, transactionId, before: first, after: second },
      { type: 'transactionRecorded', actor: 'ada', version: 1, transactionId, clientId: 'bread', recordedBy: 'ada', after: first },
    ]);
    await rig.vault.forget('ada');
    expect((await ask({ limit: 2 })).entries).toMatchObject([
      { reason: 'Not ours', before: { description: '[forgotten]', amount: '5.00' } },
      { after: { description: '[forgotten]' } },
    ]);
  });

  it('shows income without a category, and of which kind it was', async () => {
    await rig.given(april, recorded('wages', income('2026-04-02', 10_000, 'extra')));
    expect(await newest()).toMatchObject({ after: { type: 'income', category: 'income', categoryId: null, incomeKind: 'extra', description: null } });
  });

  it('tells what became of the plan, of categories, settings and periods', async () => {
    const sealed = async (field: string, text: string) => rig.vault.seal('ada', field, text);
    const [rent, flat, food] = await Promise.all([
      sealed(categoryNameField(HOME, RENT), 'Rent'),
      sealed(categoryNameField(HOME, RENT), 'Flat'),
      sealed(categoryNameField(HOME, variable ?? ''), 'Food'),
    ]);
    const name = { before: await sealed(familyNameField(HOME), 'Home'), after: await sealed(familyNameField(HOME), 'House') };
    const period = parseCivilDate('2026-04-01');
    const from = parseCivilDate('2026-05-01');
    const reason = await sealed(periodReasonField(HOME, period), 'All in');
    const happened: readonly [HouseholdEvent, object][] = [
      [{ type: 'CategoryAdded', data: { categoryId: RENT, kind: 'fixed', name: rent } }, { type: 'categoryAdded', categoryId: RENT, kind: 'fixed', name: 'Rent' }],
      [{ type: 'CategoryRenamed', data: { categoryId: RENT, before: rent, after: flat } }, { type: 'categoryRenamed', before: 'Rent', after: 'Flat' }],
      [{ type: 'CategoryRenamed', data: { categoryId: variable ?? '', before: null, after: food } }, { before: 'Variable', after: 'Food' }],
      [{ type: 'CategoryArchived', data: { categoryId: RENT } }, { type: 'categoryArchived', categoryId: RENT }],
      [{ type: 'CategoryRestored', data: { categoryId: RENT } }, { type: 'categoryRestored', categoryId: RENT }],
      [planSet('2026-05-01', { fixed: 7 }, 1), { type: 'budgetPlanSet', version: 2, plan: { since: '2026-05-01', fixedExpenses: '0.07' } }],
      [{ type: 'FixedItemSettled', data: { period, categoryId: RENT } }, { type: 'fixedItemSettled', period, categoryId: RENT }],
      [{ type: 'FamilySettingsChanged', data: { name } }, { type: 'familySettingsChanged', name: { before: 'Home', after: 'House' } }],
      [
        { type: 'FamilySettingsChanged', data: { startDay: { before: 1, after: 25, from }, endPolicy: { before: 'carryBoth', after: 'reset' } } },
        { startDay: { before: 1, after: 25, from }, endPolicy: { before: 'carryBoth', after: 'reset' } },
      ],
      [
        { type: 'PeriodClosed', data: { period, endPolicy: 'reset', reason, shown: { pool: '250000', spent: '1', surplus: '-5' } } },
        { type: 'periodClosed', period, endPolicy: 'reset', reason: 'All in', shown: { pool: '2500.00', spent: '0.01', surplus: '-0.05' } },
      ],
      [{ type: 'PeriodReopened', data: { period, reason: null } }, { type: 'periodReopened', period, reason: null }],
      [{ type: 'PeriodClosed', data: { period, endPolicy: 'reset', reason: null, shown: null } }, { reason: null, shown: null }],
    ];
    const before = await newest();
    for (const [event] of happened) await rig.given(stream, event);
    const { entries } = await ask({ since: before?.position });
    expect(entries).toMatchObject(happened.map(([, shown]) => shown));
  });

  it('is read a page at a time, from either end, and stays where it is while more happens', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await rig.given(april, recorded(name, spending('2026-04-02', 1)));
    const names = ({ entries }: Awaited<ReturnType<typeof ask>>) => entries.map((entry) => (entry.type === 'transactionRecorded' ? entry.clientId : entry.type));
    const first = await ask({ limit: 3 });
    expect(names(first)).toEqual(['d', 'c', 'b']);
    await rig.given(april, recorded('e', spending('2026-04-02', 1)));
    const second = await ask({ limit: 3, cursor: first.nextCursor });
    expect(names(second)).toEqual(['a', 'budgetPlanSet', 'categoryAdded']);
    const oldest = await ask({ limit: 8, order: 'asc' });
    expect(names(oldest).slice(0, 2)).toEqual(['familyCreated', 'memberJoined']);
    expect(names(await ask({ limit: 8, order: 'asc', cursor: oldest.nextCursor }))).toEqual(['c', 'd', 'e']);
    await expect(ask({ limit: 3, order: 'asc', cursor: first.nextCursor })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    await expect(ask({ cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });

  it('gives what came after a position, an instant or a millisecond, in the order it came', async () => {
    const [ten, eleven] = ['2026-04-02T10:00:00.000Z', '2026-04-02T11:00:00.000Z'];
    const at = await rig.givenUnder({ recordedAt: ten }, april, recorded('a', spending('2026-04-02', 1)));
    await rig.givenUnder({ recordedAt: eleven }, april, recorded('b', spending('2026-04-02', 1)), recorded('c', spending('2026-04-02', 1)));
    const clientIds = async (args: object) => (await ask(args)).entries.map((entry) => (entry.type === 'transactionRecorded' ? entry.clientId : '-'));
    for (const since of [formatPosition(rig.logIdentity, at), ten, Date.parse(ten), String(Date.parse(eleven) - 1)]) {
      expect(await clientIds({ since })).toEqual(['b', 'c']);
      expect(await clientIds({ since, order: 'desc' })).toEqual(['c', 'b']);
    }
    expect(await clientIds({ since: eleven })).toEqual([]);
    expect(await clientIds({ since: '1970-01-01T00:00:00.000Z' })).toHaveLength(9);
    const first = await ask({ since: ten, limit: 1 });
    expect(await clientIds({ since: ten, limit: 1, cursor: first.nextCursor })).toEqual(['c']);
    const elsewhere = formatPosition({ logId: 'another', restores: 0 }, at);
    await expect(ask({ since: elsewhere })).rejects.toMatchObject({ code: 'POSITION_OTHER_LOG', data: { errors: [{ pointer: '/since' }] } });
  });

  it.each(['yesterday', '', '2026-02-30T00:00:00Z', -1, 1.5, 10 ** 16, null, {}, '0000000000000001'])('refuses %j as a moment', (since) => {
    expect(getFamilyActivity.args.safeParse({ familyId: parseUuid(HOME), since }).success).toBe(false);
  });

  it('is nobody else\'s business', async () => {
    await expect(ask({}, 'bob')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
