import type { CivilDate } from '@daybook/kernel';
import { planFor, type BudgetPlan, type PlanVersion } from '../budget/budget-plan.js';
import { periodOf } from '../budget/calendar.js';
import { categoryOf } from '../budget/fixed-keys.js';
import type { Role } from '../membership/roles.js';

export type FamilyMember = { userId: string; role: Role; joinedAt: string };

/** A family as its members see it, but for its categories. STORAGE CONTRACT of this projection's version. */
export type FamilyDocument = {
  familyId: string;
  name: { sealed: 1; subject: string; data: string };
  createdAt: string;
  /** Revision of the last event of the family's stream. */
  version: number;
  members: FamilyMember[];
  /** Of the plans only those that can still count, their items by short keys; `plans` has all of them. */
  budget: BudgetPlan;
  fixedCategories: string[];
};

/** Lets go of what no later day needs, so that a document does not grow with the years of a family. */
export function fromThenOn(budget: BudgetPlan, on: CivilDate): BudgetPlan {
  const period = periodOf(budget.calendar, on);
  const counting = period === undefined ? undefined : planFor(budget, period.start);
  const plans = counting === undefined ? budget.plans : budget.plans.filter((plan) => plan.period >= counting.period);
  return { ...budget, plans, settled: {} };
}

/** The plan that counts for a period which is not over. */
export function planCounting(family: FamilyDocument, period: CivilDate): PlanVersion | undefined {
  const plan = planFor(family.budget, period);
  if (plan === undefined) return undefined;
  const fixed = Object.entries(plan.fixed).map(([key, planned]) => [categoryOf(family, key), planned]);
  return { ...plan, fixed: Object.fromEntries(fixed) };
}
