import { householdGroup } from '@daybook/household';
import { parseCivilDate } from '@daybook/kernel';
import { systemClock, systemTimers } from '@daybook/platform';
import { Nudges, PositionWatch, ReadModels } from '@daybook/projections';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { AnswersRig, type Args, type ToldFamily } from '../../../../test/support/answers-rig.js';
import { HOME, spending } from '../../../../test/support/budget-events.js';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { defaultCategoryId } from '../family/default-categories.js';
import type { HouseholdEvent } from '../family/family-events.js';
import { figuresAtClose } from './figures-at-close.js';

const joined = (userId: string, role: 'member' | 'viewer'): HouseholdEvent => ({ type: 'MemberJoined', data: { userId, role, via: 'founding' } });
const refusal = (code: string, pointer?: string) => ({
  code,
  ...(pointer !== undefined && { data: { errors: [{ pointer }] } }),
});

describe('answers about a budget', () => {
  let rig: AnswersRig;
  beforeAll(async () => (rig = await AnswersRig.open()));
  afterAll(() => rig.close());

  describe('calculateDailyBudget', () => {
    it('answers day and period in decimal strings, for today when nothing is said', async () => {
      const home = await rig.given(new FamilyHistory().spends(10_000).spends(2_500, '2026-04-02').on('2026-04-02'));
      const { data } = await home.calculate();
      const { plan, ...day } = data as typeof data & { plan: unknown[] };
      expect(day).toEqual({
        familyId: home.familyId,
        currency: 'EUR',
        timeZone: 'Europe/London',
        today: '2026-04-02',
        date: '2026-04-02',
        periodStart: '2026-04-01',
        periodEnd: '2026-04-30',
        dailyBudgetAmount: '81.90',
        spentToday: '0.00',
        remainingBudget: '81.90',
        spendableToday: '81.90',
        overspentBy: '0.00',
        committedToday: '25.00',
        remainingInPeriod: '2375.00',
        daysRemaining: 29,
        pool: '2475.00',
        provisional: false,
      });
      expect(plan).toHaveLength(29);
      expect(plan[28]).toEqual({ date: '2026-04-30', amount: '81.89' });
      expect((await home.calculate({ date: 'today' })).data).toEqual(data);
    });

    it('answers from the plan where nothing was ever recorded, also for a period far ahead', async () => {
      const home = await rig.given(new FamilyHistory());
      expect((await home.calculate({ date: '2028-02-03' })).data).toMatchObject({ pool: '2500.00', daysRemaining: 27, provisional: true });
    });

    it('is for everybody in the family, and for nobody else', async () => {
      const home = await rig.given(new FamilyHistory().happens(joined('bob', 'member'), joined('carol', 'viewer')));
      for (const member of ['ada', 'bob', 'carol']) expect((await home.calculate({}, member)).data).toMatchObject({ pool: '2500.00' });
      const asks = [home.calculate.bind(home), home.explain.bind(home), home.overview.bind(home), home.periods.bind(home)];
      for (const ask of asks) await expect(ask({}, 'eve')).rejects.toMatchObject({ code: 'NOT_FOUND', detail: 'There is no such family among yours.' });
    });

    it('refuses days before the budget and beyond two years, and days without a plan', async () => {
      const home = await rig.given(new FamilyHistory());
      for (const ask of [home.calculate.bind(home), home.explain.bind(home)]) {
        await expect(ask({ date: '2026-03-31' })).rejects.toMatchObject(refusal('BEFORE_BUDGET_START', '/date'));
        for (const date of ['2028-04-02', '9998-12-31']) await expect(ask({ date })).rejects.toMatchObject(refusal('DATE_OUT_OF_RANGE', '/date'));
      }
      const unplanned = await rig.given(new FamilyHistory({}, null));
      for (const ask of [unplanned.calculate, unplanned.explain, unplanned.overview]) {
        await expect(ask.call(unplanned)).rejects.toMatchObject(refusal('PLAN_MISSING'));
      }
    });

    it('means by today the day of the family, which may be another one than the server\'s', async () => {
      const home = await rig.given(new FamilyHistory({ timeZone: 'Pacific/Auckland' }));
      rig.rig.itIsNow('2026-04-02T13:00:00.000Z');
      expect((await home.calculate()).data).toMatchObject({ date: '2026-04-03', today: '2026-04-03', timeZone: 'Pacific/Auckland' });
    });
  });

  describe('getMonthlyBudgetOverview', () => {
    it('answers where the money of the running period comes from, and every day of it', async () => {
      const home = await rig.given(
        new FamilyHistory()
          .pays(215_000)
          .earns(400_000)
          .earns(1_000, 'extra')
          .saves(20_000)
          .spends(1_000, '2026-04-20')
          .spends(4_000)
          .on('2026-04-02'),
      );
      const { data } = await home.overview();
      const { days, ...period } = data as typeof data & { days: unknown[] };
      expect(period).toEqual({
        familyId: home.familyId,
        currency: 'EUR',
        timeZone: 'Europe/London',
        today: '2026-04-02',
        period: '2026-04-01',
        periodEnd: '2026-04-30',
        daysInPeriod: 30,
        status: 'open',
        planned: true,
        pool: '2350.00',
        spent: '40.00',
        remaining: '2310.00',
        surplus: '2310.00',
        carryIn: '0.00',
        carryOut: '2310.00',
        late: '0.00',
        provisional: false,
        terms: {
          plannedIncome: '5000.00',
          recordedIncome: '4000.00',
          extraIncome: '10.00',
          income: '5010.00',
          fixed: '2150.00',
          fixedItems: [
            {
              categoryId: defaultCategoryId(HOME, 'fixed'),
              planned: '2000.00',
              actual: '2150.00',
              lines: 1,
              settled: false,
              counted: '2150.00',
            },
          ],
          plannedSavings: '500.00',
          saved: '200.00',
          savings: '500.00',
          committed: '10.00',
          notGranted: '0.00',
          carryIn: '0.00',
          carryFrom: null,
          late: '0.00',
          lateFrom: [],
        },
      });
      expect(days).toHaveLength(30);
      expect(days[0]).toEqual({ date: '2026-04-01', dailyBudgetAmount: '78.34', spent: '40.00', remaining: '38.34', committed: '0.00' });
      expect(days[19]).toMatchObject({ date: '2026-04-20', spent: '0.00', committed: '10.00' });
    });

    it('finds a period by any day in it, and by the month it starts in', async () => {
      const home = await rig.given(new FamilyHistory({ budgetStartDate: '2026-04-10', startDay: 1 }).on('2026-06-15'));
      const starts = async (args: Args) => (await home.overview(args)).data['period'];
      expect(await starts({})).toBe('2026-06-01');
      expect(await starts({ period: 'today' })).toBe('2026-06-01');
      expect(await starts({ period: '2026-05-31' })).toBe('2026-05-01');
      expect(await starts({ year: '2026', month: '4' })).toBe('2026-05-01');
      expect(await starts({ year: 2026, month: 3 })).toBe('2026-04-10');
      await expect(home.overview({ year: 2026, month: 2 })).rejects.toMatchObject(refusal('BEFORE_BUDGET_START', '/month'));
      await expect(home.overview({ period: '2026-04-09' })).rejects.toMatchObject(refusal('BEFORE_BUDGET_START', '/period'));
      for (const [year, month] of [[2028, 6], [9998, 11]]) {
        await expect(home.overview({ year, month })).rejects.toMatchObject(refusal('DATE_OUT_OF_RANGE', '/month'));
      }
    });

    it('means the later one where a new start day makes two start in one month', async () => {
      const home = await rig.given(new FamilyHistory().startsMonthsOn(25).on('2026-05-01'));
      expect((await home.overview({ year: 2026, month: 4 })).data).toMatchObject({ period: '2026-05-25' });
      const { data: stub } = await home.overview({ period: '2026-05-01' });
      expect(stub).toMatchObject({ periodEnd: '2026-05-24', daysInPeriod: 24, pool: '4435.48', terms: { notGranted: '564.52', carryIn: '2500.00' } });
    });

    it('shows what entries in closed periods brought it, and from where', async () => {
      const home = await rig.given(new FamilyHistory().on('2026-05-02').closes().spends(700, '2026-04-30'));
      expect((await home.overview()).data).toMatchObject({
        late: '-7.00',
        terms: { carryIn: '2500.00', carryFrom: '2026-04-01', late: '-7.00', lateFrom: [{ period: '2026-04-01', amount: '-7.00' }] },
        pool: '4993.00',
      });
    });
  });

  describe('getPeriods', () => {
    const months = async (home: ToldFamily, args: Args = {}) => {
      const { data, nextCursor } = await home.periods(args);
      const periods = data['periods'] as { period: string; status: string; pool: string; carryOut: string }[];
      return { periods, nextCursor: nextCursor ?? null, starts: periods.map(({ period, status }) => `${period} ${status}`) };
    };

    it('lists them from the running one back to the first, and those to come that something is known of', async () => {
      const home = await rig.given(
        new FamilyHistory().spends(10_000).on('2026-06-10').closes().spends(500, '2026-08-01').plans({ savings: 0 }, '2026-10-01'),
      );
      const { starts, periods, nextCursor } = await months(home);
      expect(starts).toEqual([
        '2026-10-01 future',
        '2026-08-01 future',
        '2026-06-01 open',
        '2026-05-01 ended',
        '2026-04-01 closed',
      ]);
      expect(nextCursor).toBeNull();
      expect(periods[4]).toEqual({
        period: '2026-04-01',
        periodEnd: '2026-04-30',
        daysInPeriod: 30,
        status: 'closed',
        planned: true,
        pool: '2500.00',
        spent: '100.00',
        remaining: '2400.00',
        surplus: '2400.00',
        carryIn: '0.00',
        carryOut: '2400.00',
        late: '0.00',
        provisional: false,
      });
      expect(periods[2]).toMatchObject({ carryIn: '4900.00', pool: '7400.00', provisional: true });
    });

    it('goes page by page, either way, without gap or repetition', async () => {
      const home = await rig.given(new FamilyHistory({ budgetStartDate: '2025-11-15' }).on('2026-06-10'));
      const { starts: all } = await months(home);
      expect(all).toHaveLength(8);
      for (const order of ['desc', 'asc']) {
        const walked: string[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof months>> = await months(home, { order, limit: 3, ...(cursor !== null && { cursor }) });
          walked.push(...page.starts);
          cursor = page.nextCursor;
        } while (cursor !== null);
        expect(walked).toEqual(order === 'desc' ? all : [...all].reverse());
      }
      const { nextCursor } = await months(home, { limit: 3 });
      await expect(months(home, { order: 'asc', cursor: nextCursor })).rejects.toMatchObject(refusal('CURSOR_INVALID'));
    });

    it('says which of them have no plan', async () => {
      const home = await rig.given(new FamilyHistory({}, null).on('2026-05-20').plans({ income: 300_000, fixed: { [defaultCategoryId(HOME, 'fixed')]: 100_000 } }));
      expect((await months(home)).periods).toMatchObject([
        { period: '2026-05-01', planned: true, pool: '1500.00', carryIn: '0.00' },
        { period: '2026-04-01', planned: false, pool: '0.00', carryOut: '0.00' },
      ]);
    });

    it('shows the first period of a budget that has not started yet', async () => {
      const home = await rig.given(new FamilyHistory({ budgetStartDate: '2026-05-10', on: '2026-04-20' }));
      expect((await months(home)).starts).toEqual(['2026-05-10 future']);
    });
  });

  describe('explainDailyBudget', () => {
    it('tells of each line what it is and who did what when', async () => {
      const alone = await AnswersRig.open();
      const shoes = new FamilyHistory().spends(4_500, '2026-04-01', 'shoes').amends('shoes', spending('2026-04-01', 5_400));
      const home = await alone.given(shoes.on('2026-04-02').spends(700));
      const { data } = await home.explain();
      const [, , , , , planned, recorded, amended, later] = home.narrator.told;
      expect(data).toMatchObject({
        date: '2026-04-02',
        basis: 'recorded',
        pool: '2500.00',
        spentBefore: { amount: '54.00', days: [{ date: '2026-04-01', amount: '54.00' }] },
        available: '2446.00',
        daysRemaining: 29,
        dailyBudgetAmount: '84.35',
        spentToday: { amount: '7.00' },
        remainingBudget: '77.35',
      });
      const terms = data['terms'] as { term: string; amount: string; events: string[] }[];
      expect(terms.map(({ term, amount }) => [term, amount])).toEqual([
        ['plannedIncome', '5000.00'],
        ['fixed', '-2000.00'],
        ['savings', '-500.00'],
      ]);
      const events = data['events'] as { eventId: string; type: string; at: string; by: string; position: string }[];
      expect(events.map(({ eventId: _, ...event }) => event)).toEqual(
        [
          { type: 'BudgetPlanSet', told: planned },
          { type: 'TransactionRecorded', told: recorded },
          { type: 'TransactionAmended', told: amended },
          { type: 'TransactionRecorded', told: later },
        ].map(({ type, told }) => ({ type, at: told?.recordedAt, by: 'ada', position: home.token(told?.position ?? -1n) })),
      );
      expect(terms[0]?.events).toEqual([events[0]?.eventId]);
      await alone.close();
    });
  });

  describe('figuresAtClose', () => {
    it('are what the period comes to, in minor units', async () => {
      const home = await rig.given(new FamilyHistory().spends(10_000).pays(150_000).on('2026-05-01'));
      const figures = figuresAtClose(rig.rig.readModels(), rig.rig.clock);
      await home.calculate();
      expect(await figures(home.familyId, parseCivilDate('2026-04-30'))).toEqual({ pool: '250000', spent: '10000', surplus: '290000' });
    });

    it('are null for a family nobody knows yet, for a day before its budget, and while the database is away', async () => {
      const home = await rig.given(new FamilyHistory());
      await home.calculate();
      const figures = figuresAtClose(rig.rig.readModels(), rig.rig.clock);
      const april = parseCivilDate('2026-04-01');
      expect(await figures(HOME, april)).toBeNull();
      expect(await figures(home.familyId, parseCivilDate('2026-03-31'))).toBeNull();
      const pool = new Pool({ host: '127.0.0.1', port: 1 });
      const watch = new PositionWatch({ pool, group: householdGroup.name, nudges: new Nudges(), timers: systemTimers });
      const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
      const away = new ReadModels({ db, group: householdGroup, watch, clock: systemClock, timers: systemTimers });
      expect(await figuresAtClose(away, rig.rig.clock)(home.familyId, april)).toBeNull();
      await watch.close();
      await db.destroy();
    });
  });
});
