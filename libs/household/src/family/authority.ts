import { DaybookError, type CivilDate } from '@daybook/kernel';
import { todayIn } from '../budget/today.js';
import type { OpenMembership, OpenPlan, Role } from '../family-features.js';
import type { FamilyState } from './family-state.js';

/** A family that exists and has the acting user in it, and the role that lets the user act. */
export interface FamilyInSight {
  readonly membership: OpenMembership;
  readonly plan: OpenPlan;
  readonly role: Role;
}

/** Before any rule: a family the user does not belong to is not there. */
export function familyOf(state: FamilyState, userId: string): FamilyInSight {
  const { membership, plan } = state;
  const role = membership.status === 'open' ? membership.members[userId] : undefined;
  if (membership.status !== 'open' || plan.status !== 'open' || role === undefined) {
    throw new DaybookError('NOT_FOUND', 'There is no such family among yours.');
  }
  return { membership, plan, role };
}

export function requireRole({ role }: FamilyInSight, ...allowed: readonly Role[]): void {
  if (allowed.includes(role)) return;
  throw new DaybookError('FORBIDDEN', `This takes the role ${allowed.join(' or ')}; yours is ${role}.`);
}

/** The user's role, for the envelope; null for somebody the family does not know. */
export function roleIn({ membership }: FamilyState, userId: string): Role | null {
  return membership.status === 'open' ? (membership.members[userId] ?? null) : null;
}

export function todayOf(plan: OpenPlan, nowMs: number): CivilDate {
  return todayIn(plan.budget.zones, nowMs);
}
