import type { CivilDate } from '@daybook/kernel';
import type { BudgetPlan } from './budget-plan.js';
import type { EndPolicy } from './policies.js';
import type { Sums } from './sums.js';

/** What a closed period took over and handed on when it was closed; later entries in it go another way (rule R20). */
export type Closing = { endPolicy: EndPolicy; carryIn: string; carryOut: string };

/**
 * All of a family that its daily numbers follow from, except the days of past periods, which have rows of their own
 * (daily_budgets). JSON, at most 64 KiB: days stand here one by one only while a new start day could still cut them
 * into other periods, and fixed categories by short keys, in `plan` too. Read it through `poolOf` and `sumsOf`, which
 * know both.
 */
export type BudgetDocument = {
  plan: BudgetPlan;
  /** Fixed categories, as the family named them; everywhere else their place in this list stands for their id. */
  fixedCategories: string[];
  /**
   * Sums of each period before the horizon, by its first day; periods without entries are left out. What is dated
   * before the budget starts stands under its own day and counts in no period.
   */
  ended: Record<string, Sums>;
  /** Sums of each day from the horizon on. */
  days: Record<string, Sums>;
  /** First day that is not in `ended`: the end of the period that ran on the latest day anything was decided. */
  horizon: CivilDate;
  /** By period, the same ones as `plan.closed`. */
  closings: Record<string, Closing>;
  /** By the period they count in: changes of what closed periods hand on, each by the period it comes from. */
  late: Record<string, Record<string, string>>;
};
