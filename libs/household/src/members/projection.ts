import { replaceRows, type ProjectedEvent, type Projection } from '@daybook/projections';
import type { MembershipEvent } from '../membership/events.js';
import type { Role } from '../membership/roles.js';
import { membersTable } from './table.js';

type JoinedEvent = Extract<MembershipEvent, { type: 'MemberJoined' }> & ProjectedEvent;
type MemberDocument = { familyId: string; userId: string; role: Role; joinedAt: string };

function rowOf(member: MemberDocument) {
  return { family_id: member.familyId, user_id: member.userId, role: member.role, joined_at: member.joinedAt };
}

export const members: Projection<MemberDocument, JoinedEvent> = {
  name: 'members',
  version: 1,
  table: membersTable,
  handles: ['MemberJoined'],
  key: (event) => event.data.userId,
  evolve: (_before, event) => ({
    familyId: event.space.id,
    userId: event.data.userId,
    role: event.data.role,
    joinedAt: event.recordedAt,
  }),
  rows: replaceRows(membersTable, (member) => [rowOf(member)]),
};
