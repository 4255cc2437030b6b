import type { ProjectedEvent, Projection } from '@daybook/projections';
import type { PlanEvent } from '../plan/events.js';
import { plansTable } from './table.js';

type PlanSetEvent = Extract<PlanEvent, { type: 'BudgetPlanSet' }> & ProjectedEvent;

/** Plans are only ever added: one row an event, no document. */
export const plans: Projection<null, PlanSetEvent> = {
  name: 'plans',
  version: 1,
  table: plansTable,
  handles: ['BudgetPlanSet'],
  key: () => null,
  evolve: () => null,
  rows: (_before, _after, { data, space, recordedAt, actor }) => {
    const { period, income, savings, fixed, fromVersion } = data;
    const planned = Object.fromEntries(fixed.map((item) => [item.categoryId, item.planned]));
    const set = { set_at: recordedAt, set_by: actor };
    const row = { family_id: space.id, version: fromVersion + 1, period, income, savings, fixed: planned, ...set };
    return [{ op: 'put', row }];
  },
};
