import { DaybookError, isCivilDate, isUuid, parseInstant, type CivilDate, type Clock } from '@daybook/kernel';
import { freshness, pageCursor, type PageCursor, type QueryAnswer, type QueryContext, type Sealer } from '@daybook/platform';
import type { ReadAnswer, ReadModels } from '@daybook/projections';
import type { Transaction } from 'kysely';
import type { z } from 'zod';
import { memberAccess } from '../families/index.js';
import { memberRole } from '../members/queries.js';
import type { Role } from '../membership/roles.js';
import { descriptionField } from '../sealed-fields.js';
import { shownTextOrNull } from '../shown-text.js';
import { shownTransaction } from '../shown-transaction.js';
import type { getDailyTransactions, getFamilyTransactions, getTransaction, ListedTransaction } from './contracts.js';
import {
  clientIdStatement,
  dayStatement,
  listStatement,
  oneStatement,
  type PageRequest,
  type TransactionRow,
  type TransactionsTables,
} from './rows.js';

type ListArgs = z.output<typeof getFamilyTransactions.args>;
type DayArgs = z.output<typeof getDailyTransactions.args>;
type OneArgs = z.output<typeof getTransaction.args>;

const isInstant = (text: string): boolean => {
  try {
    return Number.isInteger(parseInstant(text));
  } catch {
    return false;
  }
};

/** Answers what a family has recorded, to its members; to everybody else there is no such family. */
export class TransactionsQueries {
  constructor(
    private readonly readModels: ReadModels<TransactionsTables>,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  async getFamilyTransactions(args: ListArgs, context: QueryContext): Promise<QueryAnswer> {
    const cursor = pageCursor('getFamilyTransactions', args, [isCivilDate, isUuid]);
    const page = pageOf(args, args.cursor === undefined ? [] : cursor.decode(args.cursor));
    const answer = await this.read(args.familyId, context, async (trx) => ({
      role: await memberRole(trx, args.familyId, context.userId),
      rows: await listStatement(trx, args.familyId, args, page).execute(),
    }));
    const { shown, nextCursor } = await this.page(args.familyId, context, answer.data, page, cursor, ({ date }) => [date]);
    return { ...answer, data: { transactions: shown }, nextCursor };
  }

  async getDailyTransactions(args: DayArgs, context: QueryContext): Promise<QueryAnswer> {
    const { familyId, date = 'today' } = args;
    const cursor = pageCursor('getDailyTransactions', args, [isCivilDate, isInstant, isUuid]);
    const [begun, ...after] = args.cursor === undefined ? [] : cursor.decode(args.cursor);
    const page = pageOf(args, after);
    const answer = await this.read(familyId, context, async (trx) => {
      const { role, today } = await memberAccess(trx, familyId, context.userId, this.clock.now());
      // A list that was begun before midnight goes on with the day it was begun on.
      const day = (begun as CivilDate | undefined) ?? (date === 'today' ? today : date);
      return { role, day, rows: await dayStatement(trx, familyId, day, page).execute() };
    });
    const { day } = answer.data;
    const { shown, nextCursor } = await this.page(familyId, context, answer.data, page, cursor, (row) => [day, recordedAtOf(row)]);
    return { ...answer, data: { date: day, transactions: shown }, nextCursor };
  }

  async getTransaction({ familyId, transactionId }: OneArgs, context: QueryContext): Promise<QueryAnswer> {
    const answer = await this.read(familyId, context, async (trx) => ({
      role: await memberRole(trx, familyId, context.userId),
      row: await oneStatement(trx, familyId, transactionId).executeTakeFirst(),
    }));
    const { role, row } = answer.data;
    if (row === undefined) throw new DaybookError('NOT_FOUND', 'The family has no such transaction.');
    return { ...answer, data: await this.shown(familyId, row, context.userId, role) };
  }

  /** For the ledger, which keeps a month a stream: the transaction that was recorded under this clientId in any month. */
  async recordedUnder(familyId: string, clientId: string): Promise<string | null> {
    const { data } = await this.readModels.read({ space: { kind: 'family', id: familyId } }, (trx) =>
      clientIdStatement(trx, familyId, clientId).executeTakeFirst(),
    );
    return data?.transaction_id ?? null;
  }

  private read<Data>(familyId: string, context: QueryContext, query: (trx: Transaction<TransactionsTables>) => Promise<Data>): Promise<ReadAnswer<Data>> {
    return this.readModels.read({ ...freshness(context), space: { kind: 'family', id: familyId } }, query);
  }

  private async page(
    familyId: string,
    { userId }: QueryContext,
    { role, rows }: { readonly role: Role; readonly rows: readonly TransactionRow[] },
    { limit }: PageRequest,
    cursor: PageCursor,
    place: (row: TransactionRow) => readonly string[],
  ): Promise<{ readonly shown: ListedTransaction[]; readonly nextCursor: string | null }> {
    const onPage = rows.slice(0, limit);
    const last = onPage.at(-1);
    const hasNext = rows.length > limit && last !== undefined;
    return {
      shown: await Promise.all(onPage.map((row) => this.shown(familyId, row, userId, role))),
      nextCursor: hasNext ? cursor.encode([...place(last), last.transaction_id]) : null,
    };
  }

  private async shown(familyId: string, row: TransactionRow, userId: string, role: Role): Promise<ListedTransaction> {
    const { transaction_id: transactionId } = row;
    const description = await shownTextOrNull(this.sealer, row.description, descriptionField(familyId, transactionId));
    const facts = {
      ...row,
      transactionId,
      clientId: row.client_id,
      recordedBy: row.recorded_by,
      amountMinor: row.amount,
      category: row.kind,
      categoryId: row.category_id,
      incomeKind: row.income_kind ?? null,
      paidBy: row.paid_by,
      originalTransactionId: row.original_transaction_id,
      description,
    };
    return { ...shownTransaction(facts, { userId, role }), recordedAt: recordedAtOf(row) };
  }
}

function pageOf({ limit, order }: Pick<ListArgs, 'limit' | 'order'>, [first, id]: readonly string[]): PageRequest {
  return { limit, order, after: first === undefined || id === undefined ? null : [first, id] };
}

function recordedAtOf({ recorded_at: recordedAt }: TransactionRow): string {
  return recordedAt.toISOString();
}
