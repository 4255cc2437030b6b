import { createHash } from 'node:crypto';
import type { JsonObject, NewEvent } from '@daybook/eventsourcing';
import { replaceRows, type ProjectedEvent, type Projection, type ProjectionGroup, type TableSpec } from '@daybook/projections';

/**
 * Three read models of the shapes a household has: a family's days in one document, a document an expense, and a feed.
 * An event writes two documents, three rows, one row of audit_log and one of the feed.
 */
type Expense = { transactionId: string; date: string; amount: number; category: string; lines: { category: string; minor: number }[]; note: string };
type Recorded = ProjectedEvent<'TransactionRecorded', Expense> & { readonly type: 'TransactionRecorded' };
type Days = { days: { [date: string]: { spent: number; count: number } } };

const daysTable: TableSpec = { name: 'bench_days', columns: { date: 'date', spent: 'bigint', count: 'integer' }, key: ['date'] };
const expensesTable: TableSpec = {
  name: 'bench_expenses',
  columns: { transaction_id: 'uuid', date: 'date', amount: 'bigint', category: 'text', note: 'text', recorded_at: 'timestamptz' },
  key: ['transaction_id'],
  indexes: [{ columns: ['date'] }],
};
const activityTable: TableSpec = {
  name: 'bench_activity',
  columns: { seq: 'bigint', actor: 'text', transaction_id: 'uuid', amount: 'bigint' },
  key: ['seq'],
};

const days: Projection<Days, Recorded> = {
  name: 'bench_days',
  version: 1,
  table: daysTable,
  handles: ['TransactionRecorded'],
  key: ({ space }) => space.id,
  evolve(document, { data: { date, amount } }) {
    const day = document?.days[date] ?? { spent: 0, count: 0 };
    return { days: { ...document?.days, [date]: { spent: day.spent + amount, count: day.count + 1 } } };
  },
  rows: (_before, after, { data: { date } }) => {
    const day = after?.days[date];
    return day === undefined ? [] : [{ op: 'put', row: { date, ...day } }];
  },
};

const expenses: Projection<Expense & { at: string }, Recorded> = {
  name: 'bench_expenses',
  version: 1,
  table: expensesTable,
  handles: ['TransactionRecorded'],
  key: ({ data }) => data.transactionId,
  evolve: (_document, { data, recordedAt }) => ({ ...data, at: recordedAt }),
  rows: replaceRows(expensesTable, ({ transactionId, date, amount, category, note, at }) => [
    { transaction_id: transactionId, date, amount, category, note, recorded_at: at },
  ]),
};

const activity: Projection<null, Recorded> = {
  name: 'bench_activity',
  version: 1,
  table: activityTable,
  handles: ['TransactionRecorded'],
  key: () => null,
  evolve: () => null,
  rows: (_before, _after, { seq, actor, data }) => [
    { op: 'put', row: { seq, actor, transaction_id: data.transactionId, amount: data.amount } },
  ],
};

export const budgetGroup: ProjectionGroup = {
  name: 'bench',
  streamPrefixes: ['ledger-'],
  eventTypes: ['TransactionRecorded'],
  spaceOf: (stream) => ({ kind: 'family', id: stream.slice('ledger-'.length) }),
  upcast: (stored) => stored,
  projections: [days, expenses, activity],
};

/** The same group under names of its own, so that its rows can be written again beside the first. */
export const limitGroup: ProjectionGroup = {
  ...budgetGroup,
  name: 'bench_limit',
  projections: budgetGroup.projections.map((projection) => ({
    ...projection,
    table: { ...projection.table, name: projection.table.name.replace('bench_', 'limit_') },
  })),
};

export function familyStream(family: number): string {
  return `ledger-${idOf(`family ${family}`)}`;
}

/** About 300 bytes of data and 400 of metadata, as a real expense has. */
export function expenseEvent(number: number, recordedAt: string): NewEvent {
  const transactionId = idOf(`transaction ${number}`);
  const amount = 1 + ((number * 7_919) % 20_000);
  const data: JsonObject = {
    transactionId,
    date: `2026-${String(1 + (number % 3)).padStart(2, '0')}-${String(1 + ((number * 13) % 28)).padStart(2, '0')}`,
    amount,
    category: 'groceries',
    lines: [
      { category: 'groceries', minor: amount - 1 },
      { category: 'household', minor: 1 },
    ],
    note: 'x'.repeat(60),
  };
  const commandId = idOf(`command ${number}`);
  const metadata: JsonObject = {
    schema: 1,
    commandId,
    commandHash: createHash('sha256').update(commandId).digest('base64url'),
    $correlationId: commandId,
    $causationId: commandId,
    actor: { userId: idOf(`user ${number % 50}`), kind: 'user', role: 'member' },
    client: 'bench/1',
    ip: null,
    familyRevision: '12',
    on: '2026-03-01',
    recordedAt,
  };
  return { id: idOf(`event ${number}`), type: 'TransactionRecorded', data, metadata };
}

function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
