import type { CivilDate } from '@daybook/kernel';
import { familyOf, todayOf } from '../family/authority.js';
import type { LedgerParts } from './ledger-parts.js';

/**
 * The family's today, for a command that leaves its date to Daybook: which ledger it goes to is known only then. Who may
 * do what is decided there, and not yet: whoever has left may still repeat what was answered once.
 */
export async function todayOfFamily(
  { families, clock }: Pick<LedgerParts, 'families' | 'clock'>,
  familyId: string,
  userId: string,
): Promise<CivilDate> {
  const { state } = await families.read(familyId);
  const plan = state.plan.status === 'open' ? state.plan : familyOf(state, userId).plan;
  return todayOf(plan, clock.now());
}
