import { replaceRows, type ProjectedEvent, type Projection, type Row } from '@daybook/projections';
import { addEntry, entriesOf, NO_SUMS, type Sums } from '../budget/sums.js';
import type { LedgerEvent } from '../ledger/events.js';
import { dailyBudgetsTable } from './table.js';

type DayEvent = LedgerEvent & ProjectedEvent;

/** A day on which something was recorded; without entries there is no day. */
type DayDocument = { familyId: string; date: string; sums: Sums };

/** A transaction whose date was amended leaves one day and comes to another: each day makes its own step. */
function evolve(document: DayDocument | null, event: DayEvent, date: string): DayDocument | null {
  const sums = entriesOf(event)
    .filter(({ content }) => content.date === date)
    .reduce(addEntry, document?.sums ?? NO_SUMS);
  return sums.entries === 0 ? null : { familyId: event.space.id, date, sums };
}

function rowOf({ familyId, date, sums }: DayDocument): Row {
  const fixed = Object.values(sums.fixed ?? {}).reduce((total, { amount }) => total + BigInt(amount), 0n);
  return {
    family_id: familyId,
    date,
    spent: sums.spent ?? '0',
    committed: sums.committed ?? '0',
    income: sums.income ?? '0',
    extra_income: sums.extraIncome ?? '0',
    saved: sums.saved ?? '0',
    fixed: String(fixed),
    fixed_by_category: sums.fixed ?? {},
    entries: sums.entries,
  };
}

export const dailyBudgets: Projection<DayDocument, DayEvent> = {
  name: 'daily_budgets',
  version: 1,
  table: dailyBudgetsTable,
  handles: ['TransactionRecorded', 'TransactionAmended', 'TransactionVoided'],
  key: (event) => entriesOf(event).map(({ content }) => content.date),
  evolve,
  rows: replaceRows(dailyBudgetsTable, (document) => [rowOf(document)]),
};
