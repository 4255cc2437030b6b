import type { ProjectedEvent } from '@daybook/projections';
import { HOME, income, spending } from '../../../../test/support/budget-events.js';
import { amendedTo, ID, LUNCH, recordedAs, sealedBy, voidedAs } from '../../../../test/support/ledger-rules.js';
import type { LedgerEvent } from '../ledger/events.js';
import { transactions } from './projection.js';

type Document = Parameters<typeof transactions.rows>[0];

function projected(event: LedgerEvent, recordedAt: string): LedgerEvent & ProjectedEvent {
  const place = { id: 'e', stream: 'ledger', revision: 0, position: '0', seq: 1, actor: 'ada', commandId: 'c', on: '2026-04-01', metadata: {} };
  return { ...event, ...place, recordedAt, space: { kind: 'family', id: HOME } };
}

/** Each event an hour after the one before; the rows of the last step. */
function rowsAfter(...events: readonly LedgerEvent[]) {
  let document: Document = null;
  let changes: ReturnType<typeof transactions.rows> = [];
  events.forEach((event, hour) => {
    const step = projected(event, `2026-04-01T0${hour}:00:00.000Z`);
    const key = step.data.transactionId;
    expect(transactions.key(step)).toBe(key);
    const after = transactions.evolve(document, step, key);
    changes = transactions.rows(document, after, step, key);
    document = after;
  });
  return changes;
}

const lunchRow = {
  family_id: HOME,
  transaction_id: ID,
  version: 1,
  status: 'live',
  type: 'expense',
  date: '2026-04-03',
  amount: '4500',
  currency: 'EUR',
  kind: 'variable',
  category_id: LUNCH.lines[0]?.categoryId,
  income_kind: null,
  timing: 'posted',
  description: null,
  paid_by: 'ada',
  original_transaction_id: null,
  client_id: 'c-1',
  recorded_by: 'bob',
  recorded_at: '2026-04-01T00:00:00.000Z',
  amended_at: null,
  voided_at: null,
};
const lunch = recordedAs(LUNCH, { recordedBy: 'bob' });

describe('the row of a transaction', () => {
  it('says what was recorded', () => {
    expect(rowsAfter(lunch)).toEqual([{ op: 'put', row: lunchRow }]);
  });

  it('keeps texts sealed, and shows income without a category', () => {
    const salary = { ...income('2026-04-03', 45_00, 'extra'), description: sealedBy('ada') };
    const row = { ...lunchRow, type: 'income', kind: 'income', category_id: null, income_kind: 'extra', description: sealedBy('ada') };
    expect(rowsAfter(recordedAs(salary, { recordedBy: 'bob' }))).toEqual([{ op: 'put', row }]);
  });

  it('says what was amended, and when', () => {
    const after = spending('2026-04-09', 60_00, { type: 'refund', timing: 'committed', paidBy: 'ada', originalTransactionId: ID });
    const row = { ...lunchRow, version: 2, type: 'refund', date: '2026-04-09', amount: '6000', timing: 'committed', original_transaction_id: ID };
    expect(rowsAfter(lunch, amendedTo(after))).toEqual([{ op: 'put', row: { ...row, amended_at: '2026-04-01T01:00:00.000Z' } }]);
  });

  it('stays when it was voided', () => {
    const dinner = spending('2026-04-03', 60_00);
    const row = { ...lunchRow, version: 3, status: 'voided', amount: '6000', amended_at: '2026-04-01T01:00:00.000Z', voided_at: '2026-04-01T02:00:00.000Z' };
    expect(rowsAfter(lunch, amendedTo(dinner), voidedAs(dinner, 2))).toEqual([{ op: 'put', row }]);
  });

  it('cannot change before it is there, lose all its lines, or follow from an event nobody knows', () => {
    expect(() => rowsAfter(amendedTo(LUNCH))).toThrow('never recorded');
    expect(() => rowsAfter(recordedAs({ ...LUNCH, lines: [] }))).toThrow('no line');
    const eaten = { type: 'TransactionEaten', data: { transactionId: ID } } as unknown as LedgerEvent;
    expect(() => rowsAfter(lunch, eaten)).toThrow('does not know');
  });

  it('follows from all events of a ledger', () => {
    expect(transactions.handles).toEqual(['TransactionRecorded', 'TransactionAmended', 'TransactionVoided']);
  });
});
