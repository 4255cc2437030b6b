import { creationDateOf, DaybookError, monthOf, transactionId, type CivilDate, type Sealed } from '@daybook/kernel';
import type { CommandAnswer, CommandContext } from '@daybook/platform';
import { isCategoryKind } from '../budget/policies.js';
import { sealText } from '../command-shell.js';
import { descriptionField } from '../sealed-fields.js';
import type { CreateTransaction, Entry } from './commands.js';
import type { CreateArgs, RefundArgs } from './execute-ledger.js';
import type { LedgerParts } from './ledger-parts.js';
import type { OtherMonths } from './other-months.js';
import { runOnLedger } from './run-on-ledger.js';
import { todayOfFamily } from './today-of-family.js';

/** A new transaction as both commands say it. */
export type NewTransaction = (CreateArgs | (RefundArgs & { readonly type: 'refund' })) & {
  readonly originalTransactionId?: string | undefined;
  readonly incomeKind?: Entry['incomeKind'] | undefined;
};

/** Before it there are no transaction ids, and no budget either. */
const FIRST_DAY = '1970-01-01';

/**
 * Finds the ledger a transaction belongs to and records it there. A date that is left out is the family's today, so a
 * repeat on another day comes to the wrong place at first: its refusal names the transaction it repeats, and it is
 * decided again where that one lives, as if it had been sent on that day.
 */
export async function recordTransaction(
  parts: LedgerParts,
  otherMonths: OtherMonths,
  args: NewTransaction,
  context: CommandContext,
): Promise<CommandAnswer> {
  const { date } = args;
  if (date !== undefined && date !== 'today') return recordOn(date, true);
  const today = await todayOfFamily(parts, args.familyId, context.actor.userId);
  try {
    return await recordOn(today, false);
  } catch (error) {
    const first = dateOfFirstSending(error);
    if (first === null || first === today) throw error;
    return recordOn(first, false);
  }

  async function recordOn(day: CivilDate, isDateGiven: boolean): Promise<CommandAnswer> {
    const { familyId, originalTransactionId } = args;
    const clientId = args.clientId ?? context.commandId;
    const command = await commandOf(parts, args, context, { clientId, day, isDateGiven });
    // An id that is made for this request alone cannot have been used before, in whichever month.
    const isUnused = args.clientId === undefined && context.isNewId === true;
    const search = { familyId, clientId, date: day, isDateGiven };
    return runOnLedger(parts, context, monthOf(day), command, async () => {
      const [elsewhere, original] = await Promise.all([
        isUnused ? null : otherMonths.recordedUnder(search),
        originalTransactionId === undefined ? null : otherMonths.transaction(familyId, originalTransactionId),
      ]);
      return { elsewhere, original };
    });
  }
}

async function commandOf(
  { sealer }: LedgerParts,
  args: NewTransaction,
  { actor: { userId } }: CommandContext,
  { clientId, day, isDateGiven }: { readonly clientId: string; readonly day: CivilDate; readonly isDateGiven: boolean },
): Promise<CreateTransaction> {
  const { familyId, description: text } = args;
  const seal = (words: string): Promise<Sealed> =>
    sealText(sealer, userId, descriptionField(familyId, transactionId(familyId, clientId, day)), words);
  return {
    type: 'createTransaction',
    familyId,
    actor: userId,
    clientId,
    isDateGiven,
    acceptsClosedPeriod: args.lateEntry === 'adjustCurrent',
    entry: {
      type: args.type,
      date: day,
      amount: args.amount,
      category: categorySaid(args),
      incomeKind: args.incomeKind ?? null,
      paidBy: args.paidBy ?? null,
      description: text === undefined || text === null || day < FIRST_DAY ? null : await seal(text),
      originalTransactionId: args.originalTransactionId ?? null,
    },
  };
}

function dateOfFirstSending(error: unknown): CivilDate | null {
  if (!(error instanceof DaybookError) || error.code !== 'IDEMPOTENCY_KEY_REUSED') return null;
  const { transactionId: known } = error.data;
  return typeof known === 'string' ? creationDateOf(known) : null;
}

/** The seed's callers name a kind with everything they record; for income it says nothing. */
function categorySaid({ type, category }: NewTransaction): string | null {
  const isIgnored = category !== undefined && type === 'income' && isCategoryKind(category);
  return isIgnored ? null : (category ?? null);
}
