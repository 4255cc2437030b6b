import { DaybookError, type Clock } from '@daybook/kernel';
import type { ReadModels } from '@daybook/projections';
import { periodOf } from '../budget/calendar.js';
import { periodTotals } from '../budget/period-overview.js';
import { todayIn } from '../budget/today.js';
import { documentOf } from '../budget-periods/index.js';
import type { FiguresAtClose } from '../household-parts.js';

/** For the record of a closing; null while the database is away or does not know the family yet. */
export function figuresAtClose(readModels: ReadModels<unknown>, clock: Clock): FiguresAtClose {
  return async (familyId, date) => {
    try {
      const { data: document } = await readModels.read({ space: { kind: 'family', id: familyId } }, (trx) => documentOf(trx, familyId));
      const period = document === null ? undefined : periodOf(document.plan.calendar, date);
      if (document === null || period === undefined) return null;
      const { pool, spent, surplus } = periodTotals(document, period, todayIn(document.plan.zones, clock.now()));
      return { pool: String(pool.amount), spent: String(spent), surplus: String(surplus) };
    } catch (error) {
      if (error instanceof DaybookError && error.category === 'UnavailableError') return null;
      throw error;
    }
  };
}
