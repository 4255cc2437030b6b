import { readDocument, type FoldedHistory, type ReadTransaction } from '@daybook/projections';
import type { BudgetDocument } from '../budget/document.js';
import { HOUSEHOLD_GROUP } from '../group-name.js';
import { budgetPeriods } from './projection.js';

/** What all numbers about a family's budget are computed from, inside somebody else's read; null before it exists. */
export async function documentOf(trx: ReadTransaction, familyId: string): Promise<BudgetDocument | null> {
  return readDocument(trx, HOUSEHOLD_GROUP, budgetPeriods, { kind: 'family', id: familyId }, familyId);
}

/** The same, of a history that was folded in memory. */
export function documentIn(folded: FoldedHistory, familyId: string): BudgetDocument | null {
  return folded.document(budgetPeriods, familyId);
}
