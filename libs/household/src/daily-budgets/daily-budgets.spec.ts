import type { ProjectedEvent } from '@daybook/projections';
import * as fc from 'fast-check';
import { amended, income, recorded, spending, voided } from '../../../../test/support/budget-events.js';
import { addEntry, NO_SUMS } from '../budget/sums.js';
import type { LedgerEvent, TransactionContent } from '../ledger/events.js';
import { dailyBudgets } from './projection.js';

const HOME = '0b6f0c1e-3c52-4a44-9d2e-6f0f5a7d1c11';

type Document = Parameters<typeof dailyBudgets.evolve>[0];

/** The days of a family after these events, folded as the engine does. */
function daysAfter(...events: readonly LedgerEvent[]): Map<string, NonNullable<Document>> {
  const days = new Map<string, NonNullable<Document>>();
  for (const one of events) {
    const event = { ...one, space: { kind: 'family', id: HOME } } as LedgerEvent & ProjectedEvent;
    for (const date of new Set([dailyBudgets.key(event) ?? []].flat())) {
      const day = dailyBudgets.evolve(days.get(date) ?? null, event, date);
      if (day === null) days.delete(date);
      else days.set(date, day);
    }
  }
  return days;
}

const rowsAfter = (...events: readonly LedgerEvent[]) =>
  [...daysAfter(...events).values()].flatMap((day) => dailyBudgets.rows(null, day, {} as never, day.date).map((change) => change.op === 'put' && change.row));

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

  it('is written for no other day, and not again where nothing changed', () => {
    const days = daysAfter(recorded('bread', bread));
    const day = days.get('2026-04-03') ?? null;
    expect([...days.keys()]).toEqual(['2026-04-03']);
    expect(dailyBudgets.rows(day, day, {} as never, '2026-04-03')).toEqual([]);
  });

  it('goes when the last entry of the day is voided', () => {
    const before = daysAfter(recorded('bread', bread)).get('2026-04-03') ?? null;
    expect(daysAfter(recorded('bread', bread), voided('bread', 1, bread)).size).toBe(0);
    expect(dailyBudgets.rows(before, null, {} as never, '2026-04-03')).toEqual([{ op: 'del', key: { date: '2026-04-03' } }]);
  });

  it('goes from the day a transaction is amended away from, and comes to the day it is amended to', () => {
    const later = spending('2026-04-05', 5_400);
    expect([...daysAfter(recorded('bread', bread), amended('bread', 1, bread, later)).values()]).toEqual([
      { familyId: HOME, date: '2026-04-05', sums: { entries: 1, spent: '5400' } },
    ]);
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
        const days = daysAfter(...events);
        expect([...days.keys()].sort()).toEqual([...new Set(kept.map((one) => one.date))].sort());
        for (const [on, { sums }] of days) {
          const alone = kept.filter((one) => one.date === on).reduce((sum, one) => addEntry(sum, { content: one, sign: 1 }), NO_SUMS);
          expect(sums).toEqual(alone);
        }
      }),
    );
  });
});
