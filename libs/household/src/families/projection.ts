import { replaceRows, type ProjectedEvent, type Projection } from '@daybook/projections';
import type { MembershipEvent } from '../membership/events.js';
import type { Role } from '../membership/roles.js';
import { familiesTable } from './table.js';

type FamilyEvent = MembershipEvent & ProjectedEvent;

type FamilyDocument = {
  familyId: string;
  name: { sealed: 1; subject: string; data: string };
  currency: string;
  timeZone: string;
  members: { userId: string; role: Role; joinedAt: string }[];
  createdAt: string;
  version: number;
};

function evolve(document: FamilyDocument | null, event: FamilyEvent): FamilyDocument {
  switch (event.type) {
    case 'FamilyCreated':
      return {
        familyId: event.data.familyId,
        name: event.data.name,
        currency: event.data.currency,
        timeZone: event.data.timeZone,
        members: [],
        createdAt: event.recordedAt,
        version: event.revision,
      };
    case 'MemberJoined': {
      if (document === null) throw new Error('a member joined a family that was never created');
      const member = { userId: event.data.userId, role: event.data.role, joinedAt: event.recordedAt };
      return { ...document, members: [...document.members, member], version: event.revision };
    }
    default:
      throw new Error(`families does not know ${JSON.stringify(event satisfies never)}`);
  }
}

function rowOf(document: FamilyDocument) {
  return {
    family_id: document.familyId,
    name: document.name,
    currency: document.currency,
    time_zone: document.timeZone,
    members: document.members,
    created_at: document.createdAt,
    version: document.version,
  };
}

export const families: Projection<FamilyDocument, FamilyEvent> = {
  name: 'families',
  version: 1,
  table: familiesTable,
  handles: ['FamilyCreated', 'MemberJoined'],
  key: (event) => event.space.id,
  evolve,
  rows: replaceRows(familiesTable, (document) => [rowOf(document)]),
};
