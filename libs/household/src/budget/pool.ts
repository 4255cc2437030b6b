import type { CivilDate } from '@daybook/kernel';
import type { BudgetPeriod } from './calendar.js';
import { carryInto, lateInto, type CarryIn, type LateAmount } from './carry.js';
import type { BudgetDocument } from './document.js';
import { ownPool, termsOf, total, type PeriodTerms } from './period-terms.js';

/** The money of a period that its days share, and the terms it is made of (rules R5, R6, R20); minor units. */
export interface Pool extends PeriodTerms {
  readonly carryIn: bigint;
  /** The period the carry-in comes from; null for the first one. */
  readonly carryFrom: CivilDate | null;
  /** Whether the carry-in may still change. */
  readonly isProvisional: boolean;
  readonly late: bigint;
  readonly lateBySource: readonly LateAmount[];
  /** income − fixed − savings − committed − notGranted + carryIn + late. May be negative. */
  readonly amount: bigint;
}

/** `carry` is what the period takes over, where that is known already. */
export function poolOf(
  document: BudgetDocument,
  period: BudgetPeriod,
  today: CivilDate,
  carry: CarryIn = carryInto(document, period, today),
): Pool {
  const terms = termsOf(document, period);
  const { amount: carryIn, from: carryFrom, isProvisional } = carry;
  const lateBySource = lateInto(document, period);
  const late = total(lateBySource.map(({ amount }) => amount));
  return { ...terms, carryIn, carryFrom, isProvisional, late, lateBySource, amount: ownPool(terms) + carryIn + late };
}
