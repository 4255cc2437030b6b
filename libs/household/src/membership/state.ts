import type { Sealed } from '@daybook/kernel';
import type { MembershipEvent } from './events.js';
import type { Role } from './roles.js';

/** What the membership rules need to know of a family, and nothing more. */
export type MembershipState =
  | { readonly status: 'unborn' }
  | {
      readonly status: 'open';
      readonly familyId: string;
      readonly name: Sealed;
      readonly currency: string;
      readonly timeZone: string;
      readonly members: Readonly<Record<string, Role>>;
    };

export const initialMembership: MembershipState = { status: 'unborn' };

export function evolveMembership(state: MembershipState, event: MembershipEvent): MembershipState {
  switch (event.type) {
    case 'FamilyCreated':
      return { status: 'open', ...event.data, members: {} };
    case 'MemberJoined':
      if (state.status === 'unborn') throw new Error('a member joined a family that was never created');
      return { ...state, members: { ...state.members, [event.data.userId]: event.data.role } };
    default:
      throw new Error(`unknown membership event ${JSON.stringify(event satisfies never)}`);
  }
}
