import { foldHistory, type ProjectedEvent, type Row } from '@daybook/projections';
import * as fc from 'fast-check';
import { amended, HOME, recorded, spending } from '../../../../test/support/budget-events.js';
import { FamilyHistory } from '../../../../test/support/family-history.js';
import { familyLives, historyOfLife } from '../../../../test/support/family-lives.js';
import { tries } from '../../../../test/support/random-lives.js';
import type { BudgetDocument } from '../budget/document.js';
import type { BudgetEvent } from '../budget/fold-budget.js';
import type { Sums } from '../budget/sums.js';
import { defaultCategoryId } from '../family/default-categories.js';
import { periodsWithFacts, rowOf } from './period-row.js';
import { budgetPeriods } from './projection.js';

const asStored = (events: readonly BudgetEvent[]): ProjectedEvent[] =>
  events.map((event) => ({ ...event, space: { kind: 'family', id: HOME } }) as unknown as ProjectedEvent);

/** The rows a history leaves, folded as the engine does. */
function rowsAfter(history: FamilyHistory): readonly Row[] {
  return [...foldHistory([budgetPeriods], asStored(history.events)).rows(budgetPeriods)].sort(byPeriod);
}

const byPeriod = (left: Row, right: Row): number => (String(left['period']) < String(right['period']) ? -1 : 1);
const periodsOf = (history: FamilyHistory) => rowsAfter(history).map((row) => row['period']);

describe('the row of a period', () => {
  it('says what was planned, what came of it, and what it hands on', () => {
    const [april] = rowsAfter(
      new FamilyHistory()
        .spends(10_000)
        .spends(2_500, '2026-04-20')
        .isRefunded(1_000)
        .earns(500_001)
        .earns(700, 'extra')
        .saves(60_000)
        .pays(150_000)
        .on('2026-05-01')
        .closes(),
    );
    const ownPool = 500_701 - 200_000 - 60_000 - 2_500;
    expect(april).toEqual({
      family_id: HOME,
      period: '2026-04-01',
      next_start: '2026-05-01',
      days: 30,
      full_days: 30,
      start_day: 1,
      currency: 'EUR',
      zones: [{ from: null, timeZone: 'Europe/London' }],
      plan_income: '500000',
      plan_fixed: '200000',
      plan_savings: '50000',
      not_granted: '0',
      fixed_items: [
        { categoryId: defaultCategoryId(HOME, 'fixed'), planned: '200000', actual: '150000', lines: 1, isSettled: false, counted: '200000' },
      ],
      recorded_income: '500001',
      extra_income: '700',
      saved: '60000',
      committed: '2500',
      spent: '9000',
      entries: 7,
      own_pool: String(ownPool),
      own_surplus: String(ownPool + 50_000 - 9_000),
      late: '0',
      late_by_source: {},
      is_closed: true,
      end_policy: 'carryBoth',
      carry_in: '0',
      carry_out: String(ownPool + 50_000 - 9_000),
    });
  });

  it('is there from the first fact about a period on, and for no period that nothing is known of', () => {
    const home = new FamilyHistory({ on: '2026-07-10' });
    expect(periodsOf(home)).toEqual(['2026-04-01']);
    expect(periodsOf(home.spends(100, '2026-06-30'))).toEqual(['2026-04-01', '2026-06-01']);
    expect(periodsOf(home.plans({ savings: 0 }, '2026-10-01'))).toEqual(['2026-04-01', '2026-06-01', '2026-10-01']);
    expect(periodsOf(home.closes())).toEqual(['2026-04-01', '2026-05-01', '2026-06-01', '2026-10-01']);
  });

  it('goes with the last fact about its period', () => {
    const home = new FamilyHistory().spends(100, '2026-06-30', 'tent');
    expect(periodsOf(home)).toEqual(['2026-04-01', '2026-06-01']);
    expect(periodsOf(home.voids('tent'))).toEqual(['2026-04-01']);
  });

  it('shows the zone that counts from one of its days on', () => {
    const home = new FamilyHistory().changes({ timeZone: { before: 'Europe/London', after: 'Asia/Tokyo', from: '2026-05-01' as never } });
    expect(rowsAfter(home).map(({ period, zones }) => [period, zones])).toEqual([
      ['2026-04-01', [{ from: null, timeZone: 'Europe/London' }]],
      ['2026-05-01', [{ from: '2026-05-01', timeZone: 'Asia/Tokyo' }]],
    ]);
  });

  it('has the money that entries in closed periods brought it, each with where it comes from', () => {
    const home = new FamilyHistory().on('2026-05-02').closes().spends(700, '2026-04-30');
    expect(rowsAfter(home)[1]).toMatchObject({ period: '2026-05-01', late: '-700', late_by_source: { '2026-04-01': '-700' } });
  });

  it('shows a plan for a day inside a period from the next period on', () => {
    const home = new FamilyHistory().plans({ savings: 0 }, '2026-06-15');
    expect(rowsAfter(home).map(({ period, plan_savings }) => [period, plan_savings])).toEqual([
      ['2026-04-01', '50000'],
      ['2026-07-01', '0'],
    ]);
  });

  it('is alone looked at when an entry is written down: what happened in other periods stays unread', () => {
    const home = new FamilyHistory().spends(100).on('2026-05-02').spends(200).on('2026-06-02').spends(300, '2026-06-02', 'bread');
    const unread = new Proxy<Sums>({ entries: 1 }, { get: () => { throw new Error('nobody had to look here'); } });
    const before: BudgetDocument = { ...home.document, ended: { ...home.document.ended, '2026-04-01': unread } };
    const periodsWritten = (event: BudgetEvent): unknown[] => {
      const [stored] = asStored([event]);
      if (stored === undefined) return [];
      const own = stored as Parameters<typeof budgetPeriods.evolve>[1];
      return budgetPeriods.rows(before, budgetPeriods.evolve(before, own, HOME), own, HOME).map((one) => (one.op === 'put' ? one.row : one.key)['period']);
    };
    const on = '2026-06-02';
    expect(periodsWritten({ ...recorded('cake', spending('2026-06-01', 50)), on })).toEqual(['2026-06-01']);
    expect(periodsWritten({ ...recorded('late', spending('2026-05-31', 50)), on })).toEqual(['2026-05-01']);
    const moved = amended('bread', 1, spending('2026-06-02', 300), spending('2026-07-04', 300));
    expect(periodsWritten({ ...moved, on }).sort()).toEqual(['2026-06-01', '2026-07-01']);
  });

  it('stands under a name and a version that stored documents go by', () => {
    expect([budgetPeriods.name, budgetPeriods.version]).toEqual(['budget_periods', 1]);
  });
});

describe('any life', () => {
  it('leaves row by row what the whole document says', () => {
    fc.assert(
      fc.property(familyLives(), (life) => {
        const history = historyOfLife(life);
        const { document } = history;
        const whole = [...periodsWithFacts(document).values()].map((period) => rowOf(HOME, document, period)).sort(byPeriod);
        expect(rowsAfter(history)).toEqual(whole);
      }),
      tries(60),
    );
  });

  it('cuts time into periods without gap or overlap', () => {
    fc.assert(
      fc.property(familyLives(), (life) => {
        const rows = rowsAfter(historyOfLife(life));
        for (const [index, row] of rows.entries()) {
          const next = rows[index + 1];
          expect(String(row['period']) < String(row['next_start'])).toBe(true);
          if (next !== undefined) expect(String(row['next_start']) <= String(next['period'])).toBe(true);
        }
      }),
      tries(60),
    );
  });
});
