import { addDays, type CivilDate } from '@daybook/kernel';
import { spaceKey, type FoldedHistory, type ReadTransaction } from '@daybook/projections';
import { sql } from 'kysely';
import type { Sums } from '../budget/sums.js';
import { dailyBudgets } from './projection.js';

interface DayRow {
  readonly date: CivilDate;
  readonly spent: bigint;
  readonly committed: bigint;
  readonly income: bigint;
  readonly extra_income: bigint;
  readonly saved: bigint;
  readonly fixed_by_category: NonNullable<Sums['fixed']>;
  readonly entries: number;
}

/** What the days from one to another add up to, inside somebody else's read; days without entries are left out. */
export async function daysIn(
  trx: ReadTransaction,
  familyId: string,
  from: CivilDate,
  to: CivilDate,
): Promise<ReadonlyMap<string, Sums>> {
  const space = spaceKey({ kind: 'family', id: familyId });
  const { rows } = await sql<DayRow>`
    select date, spent, committed, income, extra_income, saved, fixed_by_category, entries
      from daily_budgets where space = ${space} and date between ${from} and ${to} order by date`.execute(trx);
  return new Map(rows.map((row) => [row.date, sumsOf(row)]));
}

/** The same, of a history that was folded in memory. */
export function daysOf(folded: FoldedHistory, from: CivilDate, to: CivilDate): ReadonlyMap<string, Sums> {
  const days = new Map<string, Sums>();
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const day = folded.document(dailyBudgets, date);
    if (day !== null) days.set(date, day.sums);
  }
  return days;
}

/** As the fold keeps them: zeros are left out. */
function sumsOf(row: DayRow): Sums {
  const { entries, spent, committed, income, extra_income: extraIncome, saved, fixed_by_category: fixed } = row;
  const amounts = Object.entries({ spent, committed, income, extraIncome, saved }).filter(([, amount]) => amount !== 0n);
  return {
    entries,
    ...Object.fromEntries(amounts.map(([name, amount]) => [name, String(amount)])),
    ...(Object.keys(fixed).length > 0 && { fixed }),
  };
}
