import type { Sealed } from '@daybook/kernel';
import type { AmountText } from '../../libs/household/src/amount-input.js';
import { defaultCategoryId } from '../../libs/household/src/family/default-categories.js';
import { familyEvents, type FamilyEvent } from '../../libs/household/src/family/family-events.js';
import type { Role } from '../../libs/household/src/membership/roles.js';
import type { SetBudgetPlan } from '../../libs/household/src/plan/commands.js';
import { planDecider, type PlanFacts } from '../../libs/household/src/plan/decide.js';
import { familyCreated, HOME } from './budget-events.js';
import { rulesOf } from './decider.js';

export const UNNAMED = defaultCategoryId(HOME, 'fixed');
export const RENT = '6c1f6f0e-58a5-4b0f-9a44-1b6f3d1f7a02';
export const amount = (text: string): AmountText => text as AmountText;
export const sealedBy = (subject: string, data: string): Sealed => ({ sealed: 1, subject, data });
export const rent = sealedBy('ada', 'rent');

/** The rules of the plan at noon in London of a day. */
export function planRules(today = '2026-04-10', facts: Partial<PlanFacts> = {}) {
  return rulesOf(planDecider, { now: Date.parse(`${today}T11:00:00.000Z`), shown: null, ...facts });
}

/** The family of the vectors, with ada who manages it, bob who belongs to it and carol who looks on. */
export function home(...created: Parameters<typeof familyCreated>): FamilyEvent[] {
  const opening = familyCreated(...created).map((event) => familyEvents.decode(familyEvents.encode(event as FamilyEvent)));
  return [...opening, memberJoined('bob', 'member'), memberJoined('carol', 'viewer')];
}

/** The same before anybody has set a plan. */
export function homeWithoutPlan(...created: Parameters<typeof familyCreated>): FamilyEvent[] {
  return home(...created).filter(({ type }) => type !== 'BudgetPlanSet');
}

export function memberJoined(userId: string, role: Role): FamilyEvent {
  return { type: 'MemberJoined', data: { userId, role, via: 'founding' } };
}

export function rentAdded(): FamilyEvent {
  return { type: 'CategoryAdded', data: { categoryId: RENT, kind: 'fixed', name: rent } };
}

export function setPlan(change: Partial<SetBudgetPlan> = {}): SetBudgetPlan {
  return {
    type: 'setBudgetPlan',
    familyId: HOME,
    by: 'ada',
    period: null,
    monthlyIncome: amount('5000.00'),
    fixedExpenses: amount('2000.00'),
    fixed: [],
    savingsGoal: amount('900.00'),
    expectedVersion: null,
    ...change,
  };
}
