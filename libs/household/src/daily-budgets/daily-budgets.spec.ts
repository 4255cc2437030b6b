import { foldHistory, type FoldedHistory, type ProjectedEvent, type Row } from '@daybook/projections';
import * as fc from 'fast-check';
import { amended, HOME, income, recorded, spending, voided } from '../../../../test/support/budget-events.js';
import { addEntry, NO_SUMS } from '../budget/sums.js';
import type { LedgerEvent, TransactionContent } from '../ledger/events.js';
import { dailyBudgets } from './projection.js';

/** The days of a family after these events, folded as the engine does. */
function foldedDays(events: readonly LedgerEvent[]): FoldedHistory {
  return foldHistory([dailyBudgets], events.map((event) => ({ ...event, space: { kind: 'family', id: HOME } }) as unknown as ProjectedEvent));
}

const rowsAfter = (...events: readonly LedgerEvent[]): readonly Row[] => foldedDays(events).rows(dailyBudgets);
const dayAfter = (date: string, ...events: readonly LedgerEvent[]) => foldedDays(events).document(dailyBudgets, date);

const bread = spending('2026-04-03', 4_500);

describe('the row of a day', () => {
  it('holds what was spent, committed, earned, saved and paid for fixed items that day', () => {
    const rows = rowsAfter(
      recorded('bread', bread),
      recorded('returned', spending('2026-04-03', 500, { type: 'refund' })),
      recorded('concert', spending('2026-04-03', 3_000, { timing: 'committed' })),
      recorded('wages', income('2026-04-03', 500_000)),
      recorded('gift', income('2026-04-03', 2_000, 'extra')),
      recorded('piggy bank', spending('2026-04-03', 700, { kind: 'savings' })),
      recorded('rent', spending('2026-04-03', 90_000, { kind: 'fixed', categoryId: 'rent' })),
      recorded('power', spending('2026-04-03', 8_000, { kind: 'fixed', categoryId: 'power' })),
    );
    expect(rows).toEqual([
      {
        family_id: HOME,
        date: '2026-04-03',
        spent: '4000',
        committed: '3000',
        income: '500000',
        extra_income: '2000',
        saved: '700',
        fixed: '98000',
        fixed_by_category: { rent: { amount: '90000', lines: 1 }, power: { amount: '8000', lines: 1 } },
        entries: 8,
      },
    ]);
  });

  it('shows zeros for what did not happen', () => {
    expect(rowsAfter(recorded('bread', bread))).toStrictEqual([
      {
        family_id: HOME,
        date: '2026-04-03',
        spent: '4500',
        committed: '0',
        income: '0',
        extra_income: '0',
        saved: '0',
        fixed: '0',
        fixed_by_category: {},
        entries: 1,
      },
    ]);
    expect(rowsAfter(recorded('wages', income('2026-04-03', 1)))).toMatchObject([{ spent: '0', income: '1' }]);
  });

  it('goes when the last entry of the day is voided', () => {
    expect(rowsAfter(recorded('bread', bread), voided('bread', 1, bread))).toEqual([]);
    expect(dayAfter('2026-04-03', recorded('bread', bread), voided('bread', 1, bread))).toBeNull();
  });

  it('goes from the day a transaction is amended away from, and comes to the day it is amended to', () => {
    const later = spending('2026-04-05', 5_400);
    expect(rowsAfter(recorded('bread', bread), amended('bread', 1, bread, later))).toMatchObject([{ date: '2026-04-05', spent: '5400', entries: 1 }]);
  });

  it('stands under a name and a version that stored documents go by', () => {
    expect([dailyBudgets.name, dailyBudgets.version]).toEqual(['daily_budgets', 1]);
  });
});

const date = fc.constantFrom('2026-04-01', '2026-04-02', '2026-05-01');
const content: fc.Arbitrary<TransactionContent> = fc.oneof(
  fc.tuple(date, fc.nat(9_999)).map(([on, amount]) => spending(on, amount)),
  fc.tuple(date, fc.nat(9_999)).map(([on, amount]) => spending(on, amount, { type: 'refund' })),
  fc.tuple(date, fc.nat(9_999)).map(([on, amount]) => spending(on, amount, { kind: 'fixed' })),
  fc.tuple(date, fc.nat(9_999)).map(([on, amount]) => income(on, amount)),
);

describe('any ledger', () => {
  it('leaves on each day what the transactions that still count there add up to', () => {
    const life = fc.record({ first: content, then: fc.option(content), voided: fc.boolean() });
    fc.assert(
      fc.property(fc.array(life, { maxLength: 12 }), (lives) => {
        const events = lives.flatMap(({ first, then, voided: gone }, index): LedgerEvent[] => {
          const name = String(index);
          const last = then ?? first;
          return [
            recorded(name, first),
            ...(then === null ? [] : [amended(name, 1, first, then)]),
            ...(gone ? [voided(name, 2, last)] : []),
          ];
        });
        const kept = lives.filter((one) => !one.voided).map(({ first, then }) => then ?? first);
        expect(rowsAfter(...events).map((row) => row['date']).sort()).toEqual([...new Set(kept.map((one) => one.date))].sort());
        for (const on of new Set(kept.map((one) => one.date))) {
          const alone = kept.filter((one) => one.date === on).reduce((sum, one) => addEntry(sum, { content: one, sign: 1 }), NO_SUMS);
          expect(dayAfter(on, ...events)).toEqual({ familyId: HOME, date: on, sums: alone });
        }
      }),
    );
  });
});
