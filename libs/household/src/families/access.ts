import { DaybookError, parseCurrency, type CivilDate, type CurrencyCode } from '@daybook/kernel';
import { readDocument, type ReadTransaction } from '@daybook/projections';
import type { BudgetPlan } from '../budget/budget-plan.js';
import { todayIn } from '../budget/today.js';
import { HOUSEHOLD_GROUP } from '../group-name.js';
import type { Role } from '../membership/roles.js';
import type { FamilyDocument } from './document.js';
import { families } from './projection.js';

/** What any answer about a family's money begins with. */
export interface MemberAccess {
  readonly role: Role;
  /** The family's civil today. */
  readonly today: CivilDate;
  readonly currency: CurrencyCode;
  readonly budget: Omit<BudgetPlan, 'plans' | 'settled'>;
}

/** Inside anybody's read: as what the user belongs to the family, and when that family is. NOT_FOUND for whoever does not. */
export async function memberAccess(
  trx: ReadTransaction,
  familyId: string,
  userId: string,
  nowMs: number,
): Promise<MemberAccess> {
  const { family, role } = await familyInSight(trx, familyId, userId);
  const { plans: _plans, settled: _settled, ...budget } = family.budget;
  return { role, today: todayIn(budget.zones, nowMs), currency: parseCurrency(budget.currency), budget };
}

export async function familyInSight(
  trx: ReadTransaction,
  familyId: string,
  userId: string,
): Promise<{ readonly family: FamilyDocument; readonly role: Role }> {
  const family = await readDocument(trx, HOUSEHOLD_GROUP, families, { kind: 'family', id: familyId }, familyId);
  const role = family?.members.find((member) => member.userId === userId)?.role;
  if (family === null || role === undefined) throw new DaybookError('NOT_FOUND', 'There is no such family among yours.');
  return { family, role };
}
