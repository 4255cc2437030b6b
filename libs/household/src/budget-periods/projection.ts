import { replaceRows, type ProjectedEvent, type Projection, type Row, type RowChange } from '@daybook/projections';
import type { CivilDate } from '@daybook/kernel';
import { periodOf } from '../budget/calendar.js';
import type { BudgetDocument } from '../budget/document.js';
import { evolveBudget } from '../budget/fold-budget.js';
import type { HouseholdEvent } from '../family/family-events.js';
import { periodsWithFacts, rowOf } from './period-row.js';
import { budgetPeriodsTable } from './table.js';

type PeriodEvent = HouseholdEvent & ProjectedEvent;

/** A family's whole budget is one document; every number about it is computed from there, in queries as in rows. */
export const budgetPeriods: Projection<BudgetDocument, PeriodEvent> = {
  name: 'budget_periods',
  version: 1,
  table: budgetPeriodsTable,
  handles: [
    'FamilyCreated',
    'FamilySettingsChanged',
    'BudgetPlanSet',
    'CategoryAdded',
    'FixedItemSettled',
    'PeriodClosed',
    'PeriodReopened',
    'TransactionRecorded',
    'TransactionAmended',
    'TransactionVoided',
  ],
  key: (event) => event.space.id,
  evolve: evolveBudget,
  rows: (before, after, event) => changedRows(event.space.id, before, after),
};

function changedRows(familyId: string, before: BudgetDocument | null, after: BudgetDocument | null): readonly RowChange[] {
  const touched = touchedPeriods(before, after);
  const rowsOf = (document: BudgetDocument): Row[] =>
    [...periodsWithFacts(document).values()]
      .filter(({ start }) => touched === 'all' || touched.has(start))
      .map((period) => rowOf(familyId, document, period));
  return replaceRows(budgetPeriodsTable, rowsOf)(before, after);
}

/** Most events are entries, and touch the periods of their days alone: the fold keeps the identity of all other parts. */
function touchedPeriods(before: BudgetDocument | null, after: BudgetDocument | null): ReadonlySet<string> | 'all' {
  if (before === null || after === null) return 'all';
  const isRare = before.plan !== after.plan || before.closings !== after.closings || before.late !== after.late;
  if (isRare || before.horizon !== after.horizon) return 'all';
  const dates = [...changedKeys(before.ended, after.ended), ...changedKeys(before.days, after.days)];
  return new Set(dates.flatMap((date) => periodOf(after.plan.calendar, date)?.start ?? []));
}

function changedKeys(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): CivilDate[] {
  const keys = Object.keys({ ...before, ...after }) as CivilDate[];
  return keys.filter((key) => before[key] !== after[key]);
}
