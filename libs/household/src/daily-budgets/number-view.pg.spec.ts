import { addDays, parseCivilDate, uuidV5, type CivilDate } from '@daybook/kernel';
import * as fc from 'fast-check';
import { HOME } from '../../../../test/support/budget-events.js';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { familyLives, historyOfLife } from '../../../../test/support/family-lives.js';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { Narrator } from '../../../../test/support/told-history.js';
import { planFor } from '../budget/budget-plan.js';
import { periodOf } from '../budget/calendar.js';
import { todayIn } from '../budget/today.js';

const HISTORIES = Number(process.env['HISTORIES'] ?? 25);

/** Vector 6: 101.00 spent of 100.00, so that the days left have less than nothing. */
const overspent = new FamilyHistory({}, { income: 10_000, fixed: 0, savings: 0 }).on('2026-04-20').spends(10_100);

describe('the daily number in SQL', () => {
  let rig: HouseholdRig;
  beforeAll(async () => {
    rig = await HouseholdRig.open();
    await told(overspent);
  });
  afterAll(() => rig.close());

  async function told(history: FamilyHistory, familyId = HOME): Promise<void> {
    await new Narrator(rig, familyId).tell(history.events);
    const { minPosition = 0n } = rig.as('ada');
    await rig.readModels().read({ space: null, minPosition, timeoutMs: 10_000 }, () => Promise.resolve(null));
  }

  const ask = async (sql: string, ...values: readonly unknown[]): Promise<readonly unknown[]> => {
    const { rows } = await rig.database.pool.query<{ one: unknown }>(`select to_jsonb(q) as one from (${sql}) q`, [...values]);
    return rows.map(({ one }) => one);
  };
  const daysOf = async (familyId: string, today: string) => ask('select * from daily_budgets_on($1, $2) order by date', familyId, today);

  it('is what the pure function says, for every day up to the end of the running period, whatever happened', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(familyLives(), fc.nat(45), async (life, later) => {
        const history = historyOfLife(life);
        const familyId = uuidV5(HOME, String((count += 1)));
        const today = addDays(history.day, later);
        await told(history, familyId);
        expect(await daysOf(familyId, today)).toEqual(daysInCode(history, today));
      }),
      { numRuns: HISTORIES },
    );
  }, 30_000 + HISTORIES * 2_000);

  it('rounds what is less than nothing as what is more: the parts add up, and the first ones are larger', async () => {
    const [day] = (await daysOf(HOME, '2026-04-28')).slice(-3);
    expect(day).toMatchObject({ date: '2026-04-28', daily_budget_amount: -33, remaining_in_period: -100, days_remaining: 3 });
    const parts = await ask(`
      select array_agg(daily_budget_part(amount, parts, place)::text order by place) as each
        from (values (-100::numeric, 3), (-3, 3), (-1, 2), (0, 2), (100, 3), (9007199254740993, 2)) t (amount, parts)
       cross join lateral generate_series(0, parts - 1) place group by amount, parts order by amount`);
    expect(parts.map((one) => (one as { each: string[] }).each.join(' '))).toEqual([
      '-33 -33 -34',
      '-1 -1 -1',
      '0 -1',
      '0 0',
      '34 33 33',
      '4503599627370497 4503599627370496',
    ]);
  });

  it('is there for everybody in one view, each family on its own today', async () => {
    const [tokyo, old] = [uuidV5(HOME, 'tokyo'), uuidV5(HOME, 'old')];
    await told(new FamilyHistory({ timeZone: 'Asia/Tokyo' }), tokyo);
    await told(new FamilyHistory({ budgetStartDate: '2020-01-01' }), old);
    const client = await rig.database.pool.connect();
    try {
      await client.query('begin');
      await client.query(`set local daybook.now = '2026-04-01T15:30:00Z'`);
      const { rows } = await client.query<object>(
        `select family_id, date, today, daily_budget_amount::text as amount from daily_budget_numbers
          where date = today and family_id = any($1) order by today`,
        [[HOME, tokyo]],
      );
      expect(rows).toEqual([
        { family_id: HOME, date: '2026-04-01', today: '2026-04-01', amount: '334' },
        { family_id: tokyo, date: '2026-04-02', today: '2026-04-02', amount: '8621' },
      ]);
      await client.query('rollback');
      const { rows: now } = await client.query<object>('select family_id from daily_budget_numbers where date = today and family_id = $1', [old]);
      expect(now).toEqual([{ family_id: old }]);
    } finally {
      client.release();
    }
  });

  it('has no days before the budget starts, and none of a family nobody knows', async () => {
    const nobody = uuidV5(HOME, 'nobody');
    expect(await daysOf(HOME, '2026-03-31')).toEqual([]);
    expect(await daysOf(nobody, '2026-04-01')).toEqual([]);
    expect(await ask('select family_today($1, now()) as today', nobody)).toEqual([{ today: null }]);
  });

  it('leaves out a family in a zone that Postgres does not know, and spoils nothing for the others', async () => {
    const mars = uuidV5(HOME, 'mars');
    await told(new FamilyHistory({ timeZone: 'Mars/Olympus' }), mars);
    const days = 'select distinct family_id from daily_budget_numbers where family_id = any($1)';
    const old = uuidV5(HOME, 'before mars');
    await told(new FamilyHistory({ budgetStartDate: '2020-01-01' }), old);
    expect(await ask(days, [old, mars])).toEqual([{ family_id: old }]);
  });

  it('knows the family\'s today in every zone it has had', async () => {
    const [may, june] = [parseCivilDate('2026-05-01'), parseCivilDate('2026-06-01')];
    const moves = new FamilyHistory()
      .changes({ timeZone: { before: 'Europe/London', after: 'Pacific/Auckland', from: may } })
      .changes({ timeZone: { before: 'Pacific/Auckland', after: 'America/Los_Angeles', from: june } });
    const familyId = uuidV5(HOME, 'moves');
    await told(moves, familyId);
    for (const day of ['2026-04-01', '2026-04-30', '2026-05-01', '2026-05-31', '2026-06-01', '2026-06-02']) {
      for (const hour of ['00:30', '06:59', '07:00', '11:30', '12:30', '22:59', '23:01']) {
        const now = `${day}T${hour}:00.000Z`;
        const [answer] = await ask('select family_today($1, $2) as today', familyId, now);
        expect({ now, answer }).toEqual({ now, answer: { today: todayIn(moves.document.plan.zones, Date.parse(now)) } });
      }
    }
  });
});

function daysInCode(history: FamilyHistory, today: CivilDate): readonly unknown[] {
  const { calendar } = history.document.plan;
  const [first] = calendar;
  const end = periodOf(calendar, today)?.nextStart;
  if (first === undefined || end === undefined) return [];
  const answers: unknown[] = [];
  for (let date = first.from; date < end; date = addDays(date, 1)) {
    const period = periodOf(calendar, date);
    // Without a plan there is no number, and no row.
    if (period === undefined || planFor(history.document.plan, period.start) === undefined) continue;
    const day = history.asks(date, today);
    answers.push({
      date,
      period: day.periodStart,
      period_end: day.periodEnd,
      currency: day.currency,
      pool: Number(day.pool),
      spent: Number(day.spentToday),
      committed: Number(day.committedToday),
      daily_budget_amount: Number(day.dailyBudgetAmount),
      remaining_budget: Number(day.remainingBudget),
      remaining_in_period: Number(day.remainingInPeriod),
      days_remaining: day.daysRemaining,
      is_provisional: day.provisional,
    });
  }
  return answers;
}
