import type { CivilDate } from '@daybook/kernel';
import type { BudgetPlan } from './budget-plan.js';
import type { EndPolicy } from './policies.js';
import type { Sums } from './sums.js';

/** What a closed period took over and handed on when it was closed; later entries in it go another way (rule R20). */
export type Closing = { endPolicy: EndPolicy; carryIn: string; carryOut: string };

/**
 * All of a family that its daily numbers follow from, except the days of past periods, which have rows of their own
 * (daily_budgets). JSON, at most 64 KiB: days stand here one by one only while a new start day could still cut them
 * into other periods.
 */
export type BudgetDocument = {
  plan: BudgetPlan;
  /** Sums of each period that was over at the last event, by its first day; periods without entries are left out. */
  ended: Record<string, Sums>;
  /** Sums of each day of the period that ran at the last event, and of all later days. */
  days: Record<string, Sums>;
  /** First day that is not in `ended`. */
  horizon: CivilDate;
  /** By period, the same ones as `plan.closed`. */
  closings: Record<string, Closing>;
  /** By the period they count in: changes of what closed periods hand on, each by the period it comes from. */
  late: Record<string, Record<string, string>>;
};
