import type { CivilDate, Sealed } from '@daybook/kernel';
import { spaceKey } from '@daybook/projections';
import { sql, type Kysely } from 'kysely';
import { CATEGORY_KINDS, type LineKind } from '../budget/policies.js';
import type { ShownTransaction } from '../shown-transaction.js';
import type { LISTED_STATUSES } from './contracts.js';

export interface TransactionsTables {
  transactions: {
    space: string;
    transaction_id: string;
    version: number;
    status: ShownTransaction['status'];
    type: ShownTransaction['type'];
    date: CivilDate;
    amount: bigint;
    currency: string;
    kind: LineKind;
    category_id: string | null;
    income_kind: ShownTransaction['incomeKind'] | null;
    timing: ShownTransaction['timing'];
    description: Sealed | null;
    paid_by: string;
    original_transaction_id: string | null;
    client_id: string;
    recorded_by: string;
    recorded_at: Date;
  };
}

const SHOWN = [
  'transaction_id', 'version', 'status', 'type', 'date', 'amount', 'currency', 'kind', 'category_id', 'income_kind', 'timing',
  'description', 'paid_by', 'original_transaction_id', 'client_id', 'recorded_by', 'recorded_at',
] as const;

export type TransactionRow = Pick<TransactionsTables['transactions'], (typeof SHOWN)[number]>;

export interface PageRequest {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  /** Key of the last row of the page before. */
  readonly after: readonly [string, string] | null;
}

export interface ListFilter {
  readonly startDate?: CivilDate | undefined;
  readonly endDate?: CivilDate | undefined;
  /** A kind or the id of a category. */
  readonly category?: string | undefined;
  readonly type?: ShownTransaction['type'] | undefined;
  readonly status: (typeof LISTED_STATUSES)[number];
}

/** One more than a page holds, which tells whether there is another. */
export function listStatement(db: Kysely<TransactionsTables>, familyId: string, filter: ListFilter, page: PageRequest) {
  const { startDate, endDate, category, type, status } = filter;
  let rows = rowsOf(db, familyId);
  if (startDate !== undefined) rows = rows.where('date', '>=', startDate);
  if (endDate !== undefined) rows = rows.where('date', '<=', endDate);
  if (category !== undefined) rows = isKind(category) ? rows.where('kind', '=', category) : rows.where('category_id', '=', category);
  if (type !== undefined) rows = rows.where('type', '=', type);
  if (status !== 'all') rows = rows.where('status', '=', status);
  if (page.after !== null) {
    const [date, id] = page.after;
    const isBeyond = sql.raw(page.order === 'asc' ? '>' : '<');
    rows = rows.where(sql<boolean>`(date, transaction_id) ${isBeyond} (${date}::date, ${id}::uuid)`);
  }
  return rows.orderBy('date', page.order).orderBy('transaction_id', page.order).limit(page.limit + 1);
}

/** By the time it was recorded: a day has no order of its own. */
export function dayStatement(db: Kysely<TransactionsTables>, familyId: string, date: CivilDate, page: PageRequest) {
  let rows = rowsOf(db, familyId).where('date', '=', date).where('status', '=', 'live');
  if (page.after !== null) {
    const [recordedAt, id] = page.after;
    const isBeyond = sql.raw(page.order === 'asc' ? '>' : '<');
    rows = rows.where(sql<boolean>`(recorded_at, transaction_id) ${isBeyond} (${recordedAt}::timestamptz, ${id}::uuid)`);
  }
  return rows.orderBy('recorded_at', page.order).orderBy('transaction_id', page.order).limit(page.limit + 1);
}

export function oneStatement(db: Kysely<TransactionsTables>, familyId: string, transactionId: string) {
  return rowsOf(db, familyId).where('transaction_id', '=', transactionId);
}

export function clientIdStatement(db: Kysely<TransactionsTables>, familyId: string, clientId: string) {
  return db
    .selectFrom('transactions')
    .select('transaction_id')
    .where('space', '=', spaceKey({ kind: 'family', id: familyId }))
    .where('client_id', '=', clientId)
    .orderBy('transaction_id')
    .limit(1);
}

function rowsOf(db: Kysely<TransactionsTables>, familyId: string) {
  return db.selectFrom('transactions').select(SHOWN).where('space', '=', spaceKey({ kind: 'family', id: familyId }));
}

function isKind(category: string): category is LineKind {
  return category === 'income' || CATEGORY_KINDS.some((kind) => kind === category);
}
