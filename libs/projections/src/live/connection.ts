import pg, { type ClientConfig, type QueryConfig, type QueryResult } from 'pg';
import { FENCED_SQLSTATE } from '../postgres/migrations.js';

/** A session of Postgres that takes statements without waiting for the answers to those before. */
export interface Connection {
  query(statement: QueryConfig): Promise<QueryResult>;
  close(): Promise<void>;
}

export type Connect = () => Promise<Connection>;

/**
 * A writer that stands still inside a transaction would hold its buckets' rows against whoever takes them over; a batch
 * is sent whole, so it can only stand still if the machine does.
 */
const IDLE_IN_TRANSACTION_MILLISECONDS = 10_000;

export function pipelined(config: ClientConfig): Connect {
  return async () => {
    const client = new pg.Client({
      ...config,
      pipeline: true,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MILLISECONDS,
    });
    // The loss of the connection rejects what is under way; without a listener it would end the process.
    client.on('error', () => undefined);
    await client.connect();
    return { query: async (statement) => sentTogether(client, statement), close: async () => client.end() };
  };
}

/** What is asked in one go leaves in one write: a system call for each statement costs more than the statement. */
async function sentTogether(client: pg.Client, statement: QueryConfig): Promise<QueryResult> {
  const { stream } = client.connection;
  if (stream.writableCorked === 0) {
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
  return client.query(statement);
}

/** The transaction was rolled back, and which statement was to blame. */
export class TransactionFailedError extends Error {
  override readonly name = 'TransactionFailedError';
  constructor(
    readonly sqlState: string | undefined,
    readonly table: string | undefined,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * One round trip for a whole transaction. A failing statement fails those behind it, but COMMIT is answered even then,
 * as ROLLBACK: only its command tag says that something was written.
 */
export async function transact(connection: Connection, statements: readonly QueryConfig[]): Promise<void> {
  const all = [{ text: 'begin' }, ...statements, { text: 'commit' }];
  const outcomes = await Promise.allSettled(all.map((statement) => connection.query(statement)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw failureOf(outcome.reason);
  const last = outcomes.at(-1);
  const tag = last?.status === 'fulfilled' ? last.value.command : 'none';
  if (tag !== 'COMMIT') throw new TransactionFailedError(undefined, undefined, `the transaction ended with ${tag}`);
}

function failureOf(cause: unknown): Error {
  const { code, table, message } = cause as { code?: unknown; table?: unknown; message?: unknown };
  if (code === FENCED_SQLSTATE) return new TakenOverError(String(message), { cause });
  return new TransactionFailedError(
    typeof code === 'string' ? code : undefined,
    typeof table === 'string' ? table : undefined,
    typeof message === 'string' ? message : 'the transaction failed',
    { cause },
  );
}

/** Data the database does not take: out of range, or two rows where only one may be. */
export function isRefusedData(error: unknown): error is TransactionFailedError {
  return error instanceof TransactionFailedError && /^2[123]/.test(error.sqlState ?? '');
}

/** Another process has taken a bucket over, or has moved it: nothing was written, and nothing here may be believed. */
export class TakenOverError extends Error {
  override readonly name = 'TakenOverError';
}
