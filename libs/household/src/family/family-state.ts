import {
  evolveMembership,
  evolvePlan,
  initialMembership,
  initialPlan,
  type MembershipState,
  type PlanState,
} from '../family-features.js';
import { familyEvents, type FamilyEvent } from './family-events.js';

/** One stream, two features: each folds its own slice of it. */
export interface FamilyState {
  readonly membership: MembershipState;
  readonly plan: PlanState;
}

export const initialFamily: FamilyState = { membership: initialMembership, plan: initialPlan };

export function evolveFamily(state: FamilyState, event: FamilyEvent): FamilyState {
  return { membership: evolveMembership(state.membership, event), plan: evolvePlan(state.plan, event) };
}

/** How everybody reads a family's stream; whoever decides on it decides with this fold. */
export const familyFold = {
  decider: { initial: initialFamily, evolve: evolveFamily },
  events: familyEvents,
} as const;
