import { DaybookError, type CivilDate } from '@daybook/kernel';
import { planFor, type BudgetPlan } from '../budget/budget-plan.js';
import { refusalOf } from '../refusal.js';
import type { ClosePeriod, ReopenPeriod } from './commands-periods.js';
import type { PlanEvent } from './events.js';
import { firstDay, periodAt, type Scene } from './scene.js';

/** What the period comes to, as the person who closes it sees it. */
export type Shown = Extract<PlanEvent, { type: 'PeriodClosed' }>['data']['shown'];

/** Only an ended period, the oldest first (rule R20): what it hands on must not change its own beginning. */
export function decideClosePeriod(command: ClosePeriod, { plan: { budget }, today }: Scene, shown: Shown): readonly PlanEvent[] {
  const { start, nextStart } = periodAt(budget, command.period);
  if (budget.closed.includes(start)) return [];
  if (today < nextStart) {
    const message = `must have ended: this one can be closed from ${nextStart} on`;
    throw outOfOrder('not_ended', message, { closableFrom: nextStart });
  }
  const oldest = oldestOpen(budget);
  if (start !== oldest) {
    throw outOfOrder('not_the_oldest', `must be the oldest open one: close the one from ${oldest} first`, { closeFirst: oldest });
  }
  if (planFor(budget, start) === undefined) {
    throw new DaybookError('PLAN_MISSING', `Nothing was planned for the period from ${start}: set a plan for it first.`);
  }
  return [{ type: 'PeriodClosed', data: { period: start, endPolicy: budget.endPolicy, reason: command.reason, shown } }];
}

/** The newest first, so that no closed period follows an open one. */
export function decideReopenPeriod(command: ReopenPeriod, { plan: { budget } }: Scene): readonly PlanEvent[] {
  const { start } = periodAt(budget, command.period);
  const newest = budget.closed.at(-1);
  if (newest === undefined || !budget.closed.includes(start)) return [];
  if (start !== newest) {
    throw outOfOrder('not_the_newest', `must be the one closed last: reopen the one from ${newest} first`, { reopenFirst: newest });
  }
  return [{ type: 'PeriodReopened', data: { period: start, reason: command.reason } }];
}

function oldestOpen(budget: BudgetPlan): CivilDate {
  const newest = budget.closed.at(-1);
  return newest === undefined ? firstDay(budget) : periodAt(budget, newest).nextStart;
}

function outOfOrder(rule: string, message: string, data: Record<string, CivilDate>): DaybookError {
  return refusalOf('DATE_OUT_OF_RANGE', { pointer: '/period', rule, message }, data);
}
