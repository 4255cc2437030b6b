import { DaybookError } from '@daybook/kernel';
import { amountOf } from '../amount-input.js';
import type { CreateTransaction, Entry } from './commands.js';
import { categoryIdOf, categoryOf } from './decide-content.js';
import type { TransactionContent } from './events.js';
import type { LedgerTransaction } from './state.js';

/**
 * Is this the command that made the transaction, sent again? Compared with what it was created as, and without a rule:
 * since then anything may have been closed, archived, amended or voided. What the sender leaves to Daybook matches
 * whatever it became then.
 */
export function isRepeat({ familyId, clientId, actor, isDateGiven, entry }: CreateTransaction, known: LedgerTransaction): boolean {
  const { created } = known;
  return (
    known.clientId === clientId &&
    known.recordedBy === actor &&
    created.type === entry.type &&
    (!isDateGiven || created.date === entry.date) &&
    isSameAmount(entry, created) &&
    isSameCategory(familyId, entry, created) &&
    created.incomeKind === (entry.type === 'income' ? (entry.incomeKind ?? 'planned') : entry.incomeKind) &&
    created.paidBy === (entry.paidBy ?? actor) &&
    created.description?.subject === entry.description?.subject &&
    created.description?.data === entry.description?.data &&
    created.originalTransactionId === entry.originalTransactionId
  );
}

function isSameAmount({ amount }: Entry, { money }: TransactionContent): boolean {
  try {
    return String(amountOf(amount, money.currency, '/amount')) === money.amountMinor;
  } catch (error) {
    if (error instanceof DaybookError) return false;
    throw error;
  }
}

/** A refund takes the category of what it gives back, and that may have been amended since. */
function isSameCategory(familyId: string, { category, originalTransactionId }: Entry, created: TransactionContent): boolean {
  if (category === null) return categoryOf(created) === null || originalTransactionId !== null;
  return categoryOf(created) === categoryIdOf(familyId, category);
}
