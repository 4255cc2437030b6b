import { formatMoney, restoreMoney } from '@daybook/kernel';
import type { LedgerEvent, TransactionContent } from '../ledger/events.js';
import { descriptionField, voidReasonField } from '../sealed-fields.js';
import { shownTextOrNull } from '../shown-text.js';
import type { ShownContent } from './contracts.js';
import type { EntryDetails, EntryParts } from './shown-entry.js';

export async function shownLedgerEntry(event: LedgerEvent, parts: EntryParts): Promise<EntryDetails> {
  const { transactionId } = event.data;
  const contentOf = async (content: TransactionContent) => shownContent(transactionId, content, parts);
  switch (event.type) {
    case 'TransactionRecorded': {
      const { clientId, recordedBy } = event.data;
      return { type: 'transactionRecorded', transactionId, version: 1, clientId, recordedBy, after: await contentOf(event.data) };
    }
    case 'TransactionAmended': {
      const { fromVersion, before, after } = event.data;
      const both = { before: await contentOf(before), after: await contentOf(after) };
      return { type: 'transactionAmended', transactionId, version: fromVersion + 1, ...both };
    }
    case 'TransactionVoided': {
      const { fromVersion, before, reason } = event.data;
      const said = await shownTextOrNull(parts.sealer, reason, voidReasonField(parts.familyId, transactionId));
      return { type: 'transactionVoided', transactionId, version: fromVersion + 1, before: await contentOf(before), reason: said };
    }
    default:
      throw new Error(`activity does not know ${JSON.stringify(event satisfies never)}`);
  }
}

/** One line a transaction is all there is so far. */
async function shownContent(
  transactionId: string,
  content: TransactionContent,
  { familyId, sealer }: EntryParts,
): Promise<ShownContent> {
  const { type, date, timing, money, lines, incomeKind, paidBy, originalTransactionId } = content;
  const [line] = lines;
  if (line === undefined) throw new Error('a transaction has no line');
  return {
    type,
    date,
    timing,
    amount: formatMoney(restoreMoney(money)),
    currency: money.currency,
    category: line.kind,
    categoryId: line.categoryId,
    ...(incomeKind !== null && { incomeKind }),
    description: await shownTextOrNull(sealer, content.description, descriptionField(familyId, transactionId)),
    paidBy,
    ...(originalTransactionId !== null && { originalTransactionId }),
  };
}
