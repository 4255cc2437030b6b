import { DaybookError } from '@daybook/kernel';
import type { Decider } from '@daybook/eventsourcing';
import type { CreateFamily, MembershipCommand } from './commands.js';
import type { MembershipEvent } from './events.js';
import { evolveMembership, initialMembership, type MembershipState } from './state.js';

function decideCreateFamily(command: CreateFamily, state: MembershipState): readonly MembershipEvent[] {
  const { familyId, name, currency, timeZone, founder } = command;
  if (state.status === 'unborn') {
    return [
      { type: 'FamilyCreated', data: { familyId, name, currency, timeZone } },
      { type: 'MemberJoined', data: { userId: founder, role: 'manager', via: 'founding' } },
    ];
  }
  if (isSameFamily(command, state)) return [];
  throw new DaybookError('FAMILY_EXISTS', 'Choose another familyId, or leave it out to have one made.');
}

function isSameFamily(command: CreateFamily, family: Extract<MembershipState, { status: 'open' }>): boolean {
  return (
    family.members[command.founder] === 'manager' &&
    family.name.data === command.name.data &&
    family.currency === command.currency &&
    family.timeZone === command.timeZone
  );
}

export const membershipDecider: Decider<MembershipState, MembershipCommand, MembershipEvent> = {
  initial: initialMembership,
  evolve: evolveMembership,
  decide(command, state) {
    switch (command.type) {
      case 'createFamily':
        return decideCreateFamily(command, state);
      default:
        throw new Error(`unknown membership command ${JSON.stringify(command.type satisfies never)}`);
    }
  },
};
