/** The features a family consists of: what they store, and what they know of it. The family's folder puts it together. */
export { ledgerDefinitions } from './ledger/events.js';
export { membershipDefinitions } from './membership/events.js';
export type { Role } from './membership/roles.js';
export { evolveMembership, initialMembership, type MembershipState, type OpenMembership } from './membership/state.js';
export { planDefinitions } from './plan/events.js';
export { evolvePlan, initialPlan, type OpenPlan, type PlanState } from './plan/state.js';
