import type { CivilDate } from '@daybook/kernel';
import type { BudgetPlan } from '../budget/budget-plan.js';
import { periodOf } from '../budget/calendar.js';
import { planFor } from '../budget/budget-plan.js';
import type { CategoryKind } from '../budget/policies.js';
import type { Role } from '../membership/roles.js';

export type SealedText = { sealed: 1; subject: string; data: string };
export type FamilyMember = { userId: string; role: Role; joinedAt: string };
/** Without a name it is the default category of its kind. */
export type FamilyCategory = { categoryId: string; kind: CategoryKind; name: SealedText | null; isArchived: boolean };

/** A family as its members see it. STORAGE CONTRACT of this projection's version. */
export type FamilyDocument = {
  familyId: string;
  name: SealedText;
  createdAt: string;
  /** Revision of the last event of the family's stream. */
  version: number;
  members: FamilyMember[];
  /** In the order they were added. */
  categories: FamilyCategory[];
  /** Of the plans only those that can still count: getBudgetPlan knows all of them. */
  budget: BudgetPlan;
};

/** Lets go of what no later day needs, so that a document does not grow with the years of a family. */
export function fromThenOn(budget: BudgetPlan, on: CivilDate): BudgetPlan {
  const period = periodOf(budget.calendar, on);
  const counting = period === undefined ? undefined : planFor(budget, period.start);
  const plans = counting === undefined ? budget.plans : budget.plans.filter((plan) => plan.period >= counting.period);
  return { ...budget, plans, settled: {} };
}
