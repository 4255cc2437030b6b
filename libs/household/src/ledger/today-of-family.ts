import type { CivilDate } from '@daybook/kernel';
import { familyOf, todayOf } from '../family/authority.js';
import { familyFold } from '../family/family-state.js';
import { familyStream } from '../family/family-stream.js';
import type { HouseholdParts } from '../household-parts.js';

/**
 * The family's today, for a command that leaves its date to Daybook: which ledger it goes to is known only then. Who may
 * do what is decided there, and not yet: whoever has left may still repeat what was answered once.
 */
export async function todayOfFamily(
  { commands, clock }: Pick<HouseholdParts, 'commands' | 'clock'>,
  familyId: string,
  userId: string,
): Promise<CivilDate> {
  const { state } = await commands.read(familyStream(familyId), familyFold);
  const plan = state.plan.status === 'open' ? state.plan : familyOf(state, userId).plan;
  return todayOf(plan, clock.now());
}
