import type { Sealed } from '@daybook/kernel';
import { evolveBudgetPlan, type BudgetPlan } from '../budget/budget-plan.js';
import type { CategoryKind } from '../budget/policies.js';
import type { FamilyEvent } from '../family/family-events.js';
import type { PlanEvent } from './events.js';

export interface Category {
  readonly kind: CategoryKind;
  /** Null for the default category of its kind. */
  readonly name: Sealed | null;
  /** The name it was added with: tells a repeat of its creation from another category. */
  readonly addedAs: Sealed | null;
  readonly isArchived: boolean;
}

/** What the rules about plan, categories and periods need to know of a family. */
export type PlanState =
  | { readonly status: 'unborn' }
  | {
      readonly status: 'open';
      readonly budget: BudgetPlan;
      readonly categories: Readonly<Record<string, Category>>;
      /** The plan the family was created with: tells a repeat of its creation from another family. */
      readonly openingPlan: Extract<PlanEvent, { type: 'BudgetPlanSet' }>['data'] | null;
    };

export type OpenPlan = Extract<PlanState, { status: 'open' }>;

export const initialPlan: PlanState = { status: 'unborn' };

export function evolvePlan(state: PlanState, event: FamilyEvent): PlanState {
  const budget = evolveBudgetPlan(state.status === 'open' ? state.budget : null, event);
  if (budget === null) throw new Error(`${event.type} of a family that was never created`);
  if (state.status === 'unborn') return { status: 'open', budget, categories: {}, openingPlan: null };
  switch (event.type) {
    case 'CategoryAdded': {
      const { categoryId, kind, name } = event.data;
      const category = { kind, name, addedAs: name, isArchived: false };
      return { ...state, budget, categories: { ...state.categories, [categoryId]: category } };
    }
    case 'CategoryRenamed':
      return withCategory(state, event.data.categoryId, { name: event.data.after });
    case 'CategoryArchived':
      return withCategory(state, event.data.categoryId, { isArchived: true });
    case 'CategoryRestored':
      return withCategory(state, event.data.categoryId, { isArchived: false });
    case 'BudgetPlanSet':
      return { ...state, budget, openingPlan: event.data.fromVersion === 0 ? event.data : state.openingPlan };
    case 'FamilyCreated':
    case 'MemberJoined':
    case 'FamilySettingsChanged':
    case 'FixedItemSettled':
    case 'PeriodClosed':
    case 'PeriodReopened':
      return { ...state, budget };
    default:
      throw new Error(`unknown plan event ${JSON.stringify(event satisfies never)}`);
  }
}

function withCategory(state: OpenPlan, categoryId: string, change: Partial<Category>): PlanState {
  const category = state.categories[categoryId];
  if (category === undefined) throw new Error('a category changed that was never added');
  return { ...state, categories: { ...state.categories, [categoryId]: { ...category, ...change } } };
}
