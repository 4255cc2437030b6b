import { formatMoney, parseCurrency } from '@daybook/kernel';
import { z } from 'zod';
import { INCOME_KINDS, LINE_KINDS, TIMINGS, TRANSACTION_TYPES, type IncomeKind } from './budget/policies.js';
import type { TransactionContent } from './ledger/events.js';
import type { Role } from './membership/roles.js';

/** A transaction as every answer shows it. */
export const shownTransactionSchema = z.object({
  transactionId: z.uuid(),
  /** Goes back as expectedVersion. */
  version: z.int(),
  type: z.enum(TRANSACTION_TYPES),
  date: z.iso.date(),
  amount: z.string(),
  currency: z.string(),
  /** The kind of its category, `income` for income. */
  category: z.enum(LINE_KINDS),
  categoryId: z.uuid().nullable(),
  description: z.string().nullable(),
  paidBy: z.string(),
  status: z.enum(['live', 'voided']),
  recordedBy: z.string(),
  clientId: z.string(),
  incomeKind: z.enum(INCOME_KINDS).optional(),
  /** Committed: it was still to come when it was recorded, and counts for its whole period. */
  timing: z.enum(TIMINGS),
  originalTransactionId: z.uuid().optional(),
  /** What the caller may do with it. */
  allowed: z.array(z.enum(['amend', 'void'])),
});

/** Like the schema, but for what is left out: JSON knows no undefined. */
export type ShownTransaction = Omit<z.infer<typeof shownTransactionSchema>, 'incomeKind' | 'originalTransactionId'> & {
  incomeKind?: IncomeKind;
  originalTransactionId?: string;
};

/** What an answer is made of, wherever it comes from; the description has been opened. */
export interface TransactionFacts extends Pick<TransactionContent, 'type' | 'date' | 'timing' | 'incomeKind' | 'paidBy'> {
  readonly transactionId: string;
  readonly clientId: string;
  readonly recordedBy: string;
  readonly status: 'live' | 'voided';
  readonly version: number;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly category: ShownTransaction['category'];
  readonly categoryId: string | null;
  readonly originalTransactionId: string | null;
  readonly description: string | null;
}

export function shownTransaction(facts: TransactionFacts, caller: { readonly userId: string; readonly role: Role }): ShownTransaction {
  const { amountMinor, currency, incomeKind, originalTransactionId } = facts;
  return {
    transactionId: facts.transactionId,
    version: facts.version,
    type: facts.type,
    date: facts.date,
    amount: formatMoney({ amountMinor, currency: parseCurrency(currency) }),
    currency,
    category: facts.category,
    categoryId: facts.categoryId,
    description: facts.description,
    paidBy: facts.paidBy,
    status: facts.status,
    recordedBy: facts.recordedBy,
    clientId: facts.clientId,
    ...(incomeKind !== null && { incomeKind }),
    timing: facts.timing,
    ...(originalTransactionId !== null && { originalTransactionId }),
    allowed: facts.status === 'live' && mayChange(caller, facts.recordedBy) ? ['amend', 'void'] : [],
  };
}

/** Managers change everything, members what they have recorded, viewers nothing. */
export function mayChange({ userId, role }: { readonly userId: string; readonly role: Role }, recordedBy: string): boolean {
  return role === 'manager' || (role === 'member' && recordedBy === userId);
}
