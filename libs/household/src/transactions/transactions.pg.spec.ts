import { transactionId } from '@daybook/kernel';
import { HOME, familyCreated, income, spending } from '../../../../test/support/budget-events.js';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { amendedTo, day, ID, LUNCH, member, recordedAs, voidedAs } from '../../../../test/support/ledger-rules.js';
import { familyStream, ledgerStream } from '../family/family-stream.js';
import { descriptionField } from '../sealed-fields.js';
import { getDailyTransactions, getFamilyTransactions, getTransaction } from './contracts.js';
import { TransactionsQueries } from './queries.js';

const APRIL = ledgerStream(HOME, '2026-04' as never);
const MAY = ledgerStream(HOME, '2026-05' as never);

describe('the transactions of a family', () => {
  let rig: HouseholdRig;
  let queries: TransactionsQueries;
  beforeEach(async () => {
    rig = await HouseholdRig.open();
    queries = new TransactionsQueries(rig.readModels(), rig.vault, rig.clock);
    await rig.given(familyStream(HOME), ...familyCreated(), member('bob', 'member'), member('carol', 'viewer'));
  });
  afterEach(() => rig.close());

  const list = (args: object = {}, user = 'ada') =>
    queries.getFamilyTransactions(getFamilyTransactions.args.parse({ familyId: HOME, ...args }), rig.as(user));
  const clientIdsOf = ({ data }: { readonly data: object }): string[] =>
    (data as { transactions: { clientId: string }[] }).transactions.map(({ clientId }) => clientId);
  const one = async (user = 'ada', id: string = ID) =>
    (await queries.getTransaction(getTransaction.args.parse({ familyId: HOME, transactionId: id }), rig.as(user))).data;

  it('are shown with all that was said, opened, and with what the caller may do', async () => {
    const description = await rig.vault.seal('ada', descriptionField(HOME, ID), 'Bread');
    await rig.given(APRIL, recordedAs({ ...LUNCH, description }));
    expect(await one()).toEqual({
      transactionId: ID,
      version: 1,
      type: 'expense',
      date: '2026-04-03',
      amount: '45.00',
      currency: 'EUR',
      category: 'variable',
      categoryId: LUNCH.lines[0]?.categoryId,
      description: 'Bread',
      paidBy: 'ada',
      status: 'live',
      recordedBy: 'ada',
      recordedAt: '2026-04-01T09:30:00.000Z',
      clientId: 'c-1',
      timing: 'posted',
      allowed: ['amend', 'void'],
    });
  });

  it('show the kind of an income and the original of a refund', async () => {
    const refund = spending('2026-04-05', 10_00, { type: 'refund', originalTransactionId: ID });
    await rig.given(APRIL, recordedAs(income('2026-04-04', 45_00, 'extra'), { clientId: 'wages' }), recordedAs(refund, { clientId: 'back' }));
    const { data } = await list();
    expect(data).toMatchObject({
      transactions: [
        { clientId: 'back', type: 'refund', originalTransactionId: ID },
        { clientId: 'wages', type: 'income', category: 'income', categoryId: null, incomeKind: 'extra' },
      ],
    });
  });

  it('show the last amendment, and stay to be seen when they were voided, out of the lists', async () => {
    const dinner = spending('2026-04-09', 60_00, { paidBy: 'bob' });
    await rig.given(APRIL, recordedAs(), amendedTo(dinner));
    expect(await one()).toMatchObject({ version: 2, amount: '60.00', date: '2026-04-09', paidBy: 'bob', status: 'live' });
    await rig.given(APRIL, voidedAs(dinner, 2));
    expect(await one()).toMatchObject({ version: 3, amount: '60.00', status: 'voided', allowed: [] });
    expect(clientIdsOf(await list())).toEqual([]);
    expect(clientIdsOf(await list({ status: 'voided' }))).toEqual(['c-1']);
    expect(clientIdsOf(await list({ status: 'all' }))).toEqual(['c-1']);
  });

  it('may be changed by managers, by members where they recorded them, and not by viewers', async () => {
    await rig.given(APRIL, recordedAs(), recordedAs(spending('2026-04-04', 1), { clientId: 'c-2', recordedBy: 'bob' }));
    const allowedTo = async (user: string) =>
      (await list({}, user)).data['transactions'] as unknown as { readonly allowed: readonly string[] }[];
    const all = { allowed: ['amend', 'void'] };
    expect(await allowedTo('ada')).toMatchObject([all, all]);
    expect(await allowedTo('bob')).toMatchObject([all, { allowed: [] }]);
    expect(await allowedTo('carol')).toMatchObject([{ allowed: [] }, { allowed: [] }]);
  });

  it('are not there for people outside, nor is what the family does not have', async () => {
    await rig.given(APRIL, recordedAs());
    const outside = { code: 'NOT_FOUND', detail: 'There is no such family among yours.' };
    await expect(list({}, 'eve')).rejects.toMatchObject(outside);
    await expect(one('eve')).rejects.toMatchObject(outside);
    const today = getDailyTransactions.args.parse({ familyId: HOME });
    await expect(queries.getDailyTransactions(today, rig.as('eve'))).rejects.toMatchObject(outside);
    await expect(one('ada', transactionId(HOME, 'c-9', day('2026-04-03')))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('forget the description with the person who wrote it, and keep the money', async () => {
    const description = await rig.vault.seal('bob', descriptionField(HOME, ID), 'Bread');
    await rig.given(APRIL, recordedAs({ ...LUNCH, description }));
    await rig.vault.forget('bob');
    expect(await one()).toMatchObject({ description: '[forgotten]', amount: '45.00' });
  });

  describe('in lists', () => {
    const garden = '5e6f7a8b-1c2d-4e3f-9a0b-1c2d3e4f5a6b';
    beforeEach(async () => {
      await rig.given(
        APRIL,
        recordedAs(spending('2026-04-02', 1), { clientId: 'bread' }),
        recordedAs(spending('2026-04-01', 2, { kind: 'fixed' }), { clientId: 'rent' }),
        recordedAs(spending('2026-04-03', 3, { categoryId: garden }), { clientId: 'seeds' }),
        recordedAs(income('2026-04-30', 4), { clientId: 'wages' }),
      );
      await rig.given(MAY, recordedAs(spending('2026-05-01', 5, { type: 'refund' }), { clientId: 'deposit' }));
    });

    it('come newest first by date, or oldest first, whatever order they were recorded in', async () => {
      expect(clientIdsOf(await list())).toEqual(['deposit', 'wages', 'seeds', 'bread', 'rent']);
      expect(clientIdsOf(await list({ order: 'asc' }))).toEqual(['rent', 'bread', 'seeds', 'wages', 'deposit']);
    });

    it.each([
      [{ startDate: '2026-04-03', endDate: '2026-04-30' }, ['wages', 'seeds']],
      [{ startDate: '2026-05-01' }, ['deposit']],
      [{ endDate: '2026-04-01' }, ['rent']],
      [{ startDate: '2026-04-03', endDate: '2026-04-02' }, []],
      [{ category: 'variable' }, ['deposit', 'seeds', 'bread']],
      [{ category: 'fixed' }, ['rent']],
      [{ category: 'income' }, ['wages']],
      [{ category: garden.toUpperCase() }, ['seeds']],
      [{ type: 'refund' }, ['deposit']],
      [{ type: 'expense', category: 'variable', startDate: '2026-04-03' }, ['seeds']],
    ])('hold what %j asks for', async (filter, expected) => {
      expect(clientIdsOf(await list(filter))).toEqual(expected);
    });

    it('go on where the page before ended, and say when there is no more', async () => {
      const pages: string[][] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await list({ limit: '2', ...(cursor !== undefined && { cursor }) });
        pages.push(clientIdsOf(page));
        cursor = page.nextCursor ?? null;
      }
      expect(pages).toEqual([['deposit', 'wages'], ['seeds', 'bread'], ['rent']]);
      const { nextCursor } = await list({ limit: 5 });
      expect(nextCursor).toBeNull();
    });

    it('neither skip nor repeat when something is recorded between two pages, nor on a day with many', async () => {
      const many = Array.from({ length: 7 }, (_, index) => recordedAs(spending('2026-04-15', 1), { clientId: `many-${index}` }));
      await rig.given(APRIL, ...many);
      const whole = clientIdsOf(await list());
      const first = await list({ limit: 4 });
      await rig.given(APRIL, recordedAs(spending('2026-04-29', 1), { clientId: 'between' }));
      const second = await list({ limit: 50, cursor: first.nextCursor });
      expect([...clientIdsOf(first), ...clientIdsOf(second)]).toEqual(whole);
      const backwards: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await list({ limit: 3, order: 'asc', ...(cursor !== undefined && { cursor }) });
        backwards.push(...clientIdsOf(page));
        cursor = page.nextCursor ?? null;
      }
      expect(backwards.filter((name) => name !== 'between').reverse()).toEqual(whole);
    });

    it('take no cursor of another question', async () => {
      const { nextCursor } = await list({ limit: 2 });
      for (const other of [{ order: 'asc' }, { type: 'expense' }, { status: 'all' }]) {
        await expect(list({ limit: 2, cursor: nextCursor, ...other })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
      }
    });

    it('of one day come in the order they were recorded, the last first', async () => {
      const at = (recordedAt: string) => ({ recordedAt });
      await rig.givenUnder(at('2026-04-03T20:00:00.000Z'), APRIL, recordedAs(spending('2026-04-03', 6), { clientId: 'late' }));
      await rig.givenUnder(at('2026-04-03T21:00:00.000Z'), APRIL, recordedAs(spending('2026-04-03', 7), { clientId: 'later' }));
      const daily = (args: object = {}) =>
        queries.getDailyTransactions(getDailyTransactions.args.parse({ familyId: HOME, date: '2026-04-03', ...args }), rig.as('carol'));
      const all = await daily();
      expect(all.data).toMatchObject({ date: '2026-04-03' });
      expect([clientIdsOf(all), all.nextCursor]).toEqual([['later', 'late', 'seeds'], null]);
      const first = await daily({ limit: 2 });
      expect(clientIdsOf(first)).toEqual(['later', 'late']);
      expect(clientIdsOf(await daily({ limit: 2, cursor: first.nextCursor }))).toEqual(['seeds']);
      expect(clientIdsOf(await daily({ order: 'asc' }))).toEqual(['seeds', 'late', 'later']);
    });

    it('of the family\'s today need no date', async () => {
      rig.itIsNow('2026-04-01T23:30:00.000Z');
      const args = getDailyTransactions.args.parse({ familyId: HOME });
      const { data } = await queries.getDailyTransactions(args, rig.as('ada'));
      expect([data['date'], clientIdsOf({ data })]).toEqual(['2026-04-02', ['bread']]);
    });

    it('of a day that was begun go on with that day, although midnight has passed', async () => {
      await rig.given(APRIL, recordedAs(spending('2026-04-02', 6), { clientId: 'milk' }));
      const page = (cursor?: string | null) =>
        queries.getDailyTransactions(getDailyTransactions.args.parse({ familyId: HOME, limit: 1, ...(typeof cursor === 'string' && { cursor }) }), rig.as('ada'));
      const first = await page();
      rig.itIsNow('2026-04-02T23:30:00.000Z');
      const second = await page(first.nextCursor);
      expect(second.data['date']).toBe('2026-04-02');
      expect([...clientIdsOf(first), ...clientIdsOf(second)].sort()).toEqual(['bread', 'milk']);
      expect(second.nextCursor).toBeNull();
    });
  });

  it('are found by the clientId they were recorded under, in any month of this family alone', async () => {
    await rig.given(MAY, recordedAs(spending('2026-05-01', 5), { clientId: 'deposit' }));
    await list();
    expect(await queries.recordedUnder(HOME, 'deposit')).toBe(transactionId(HOME, 'deposit', day('2026-05-01')));
    expect(await queries.recordedUnder(HOME, 'other')).toBeNull();
    expect(await queries.recordedUnder(HOME.replace('0b', 'ff'), 'deposit')).toBeNull();
  });
});
