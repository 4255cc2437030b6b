import type { Sealed } from '@daybook/kernel';
import type { FamilyEvent } from '../family/family-events.js';
import type { MembershipEvent } from './events.js';
import type { Role } from './roles.js';

/** What the membership rules need to know of a family, and nothing more. */
export type MembershipState =
  | { readonly status: 'unborn' }
  | {
      readonly status: 'open';
      readonly familyId: string;
      readonly name: Sealed;
      readonly members: Readonly<Record<string, Role>>;
      /** As it was created: tells a repeat of its creation from another family. */
      readonly created: Extract<MembershipEvent, { type: 'FamilyCreated' }>['data'];
    };

export type OpenMembership = Extract<MembershipState, { status: 'open' }>;

export const initialMembership: MembershipState = { status: 'unborn' };

export function evolveMembership(state: MembershipState, event: FamilyEvent): MembershipState {
  if (event.type === 'FamilyCreated') {
    return { status: 'open', familyId: event.data.familyId, name: event.data.name, members: {}, created: event.data };
  }
  if (state.status === 'unborn') throw new Error(`${event.type} of a family that was never created`);
  switch (event.type) {
    case 'MemberJoined':
      return { ...state, members: { ...state.members, [event.data.userId]: event.data.role } };
    case 'FamilySettingsChanged':
      return { ...state, name: event.data.name?.after ?? state.name };
    case 'BudgetPlanSet':
    case 'CategoryAdded':
    case 'CategoryRenamed':
    case 'CategoryArchived':
    case 'CategoryRestored':
    case 'FixedItemSettled':
    case 'PeriodClosed':
    case 'PeriodReopened':
      return state;
    default:
      throw new Error(`unknown membership event ${JSON.stringify(event satisfies never)}`);
  }
}
