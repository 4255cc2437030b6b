import { replaceRows, type ProjectedEvent, type Projection, type Row } from '@daybook/projections';
import type { LedgerEvent, TransactionContent } from '../ledger/events.js';
import { transactionsTable } from './table.js';

type TransactionEvent = LedgerEvent & ProjectedEvent;

type Content = Omit<TransactionContent, 'description'> & { description: { sealed: 1; subject: string; data: string } | null };
type TransactionDocument = {
  familyId: string;
  transactionId: string;
  clientId: string;
  recordedBy: string;
  recordedAt: string;
  version: number;
  content: Content;
  amendedAt: string | null;
  voidedAt: string | null;
};

function evolve(document: TransactionDocument | null, event: TransactionEvent): TransactionDocument {
  if (event.type === 'TransactionRecorded') {
    const { transactionId, clientId, recordedBy, ...content } = event.data;
    const { recordedAt, space } = event;
    return { familyId: space.id, transactionId, clientId, recordedBy, recordedAt, version: 1, content, amendedAt: null, voidedAt: null };
  }
  if (document === null) throw new Error('a transaction changed that was never recorded');
  const version = event.data.fromVersion + 1;
  switch (event.type) {
    case 'TransactionAmended':
      return { ...document, version, content: event.data.after, amendedAt: event.recordedAt };
    case 'TransactionVoided':
      return { ...document, version, voidedAt: event.recordedAt };
    default:
      throw new Error(`transactions does not know ${JSON.stringify(event satisfies never)}`);
  }
}

/** One line a transaction is all there is so far: a row shows the category of the first. */
function rowOf({ content, ...document }: TransactionDocument): Row {
  const [line] = content.lines;
  if (line === undefined) throw new Error('a transaction has no line');
  return {
    family_id: document.familyId,
    transaction_id: document.transactionId,
    version: document.version,
    status: document.voidedAt === null ? 'live' : 'voided',
    type: content.type,
    date: content.date,
    amount: content.money.amountMinor,
    currency: content.money.currency,
    kind: line.kind,
    category_id: line.categoryId,
    income_kind: content.incomeKind,
    timing: content.timing,
    description: content.description && { ...content.description },
    paid_by: content.paidBy,
    original_transaction_id: content.originalTransactionId,
    client_id: document.clientId,
    recorded_by: document.recordedBy,
    recorded_at: document.recordedAt,
    amended_at: document.amendedAt,
    voided_at: document.voidedAt,
  };
}

export const transactions: Projection<TransactionDocument, TransactionEvent> = {
  name: 'transactions',
  version: 1,
  table: transactionsTable,
  handles: ['TransactionRecorded', 'TransactionAmended', 'TransactionVoided'],
  key: (event) => event.data.transactionId,
  evolve,
  rows: replaceRows(transactionsTable, (document) => [rowOf(document)]),
};
