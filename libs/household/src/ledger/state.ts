import { transactionId, type CivilDate } from '@daybook/kernel';
import type { LedgerEvent, TransactionContent } from './events.js';

/** What the rules need to know of one transaction. */
export interface LedgerTransaction {
  readonly transactionId: string;
  readonly clientId: string;
  /** The member whose entry it is. */
  readonly recordedBy: string;
  readonly status: 'live' | 'voided';
  /** How often it was written: what `expectedVersion` means. Voiding counts. */
  readonly version: number;
  readonly created: TransactionContent;
  readonly current: TransactionContent;
  /** What it said in each version; version n stands at n - 1. */
  readonly contents: readonly TransactionContent[];
}

/**
 * One month's transactions, in shares: adding one to thousands copies a few dozen references and not all of them. The
 * end of an id is a hash of family and clientId, whatever its date, so one key finds a transaction by either.
 */
export type LedgerState = Readonly<Record<number, Readonly<Record<string, LedgerTransaction>>>>;

export const initialLedger: LedgerState = {};

/** Digits of an id before the hash: the date and the version of the UUID. */
const DATE_LENGTH = 'xxxxxxxx-xxxx-8'.length;
const SHARE_LENGTH = 2;
const ANY_DATE = '1970-01-01' as CivilDate;

export function evolveLedger(state: LedgerState, event: LedgerEvent): LedgerState {
  switch (event.type) {
    case 'TransactionRecorded': {
      const { transactionId: id, clientId, recordedBy, ...content } = event.data;
      if (entryAt(state, keyOf(id)) !== undefined) throw new Error(`transaction ${id} was recorded twice`);
      const shared = { created: content, current: content, contents: [content] };
      return withTransaction(state, { transactionId: id, clientId, recordedBy, status: 'live', version: 1, ...shared });
    }
    case 'TransactionAmended':
      return withVersion(state, event.data.transactionId, event.data.after, 'live');
    case 'TransactionVoided':
      return withVersion(state, event.data.transactionId, event.data.before, 'voided');
    default:
      throw new Error(`unknown ledger event ${JSON.stringify(event satisfies never)}`);
  }
}

export function transactionIn(state: LedgerState, id: string): LedgerTransaction | undefined {
  const found = entryAt(state, keyOf(id));
  return found?.transactionId === id ? found : undefined;
}

/** The transaction that was recorded under this clientId, whatever date it was given. */
export function recordedUnder(state: LedgerState, familyId: string, clientId: string): LedgerTransaction | undefined {
  return entryAt(state, keyOf(transactionId(familyId, clientId, ANY_DATE)));
}

function withVersion(
  state: LedgerState,
  id: string,
  content: TransactionContent,
  status: LedgerTransaction['status'],
): LedgerState {
  const before = transactionIn(state, id);
  if (before === undefined) throw new Error(`transaction ${id} changed before it was recorded`);
  const contents = [...before.contents, content];
  return withTransaction(state, { ...before, status, current: content, contents, version: contents.length });
}

function withTransaction(state: LedgerState, transaction: LedgerTransaction): LedgerState {
  const key = keyOf(transaction.transactionId);
  const share = shareOf(key);
  return { ...state, [share]: { ...state[share], [key]: transaction } };
}

function entryAt(state: LedgerState, key: string): LedgerTransaction | undefined {
  return state[shareOf(key)]?.[key];
}

function keyOf(id: string): string {
  return id.slice(DATE_LENGTH);
}

/** A number, because engines copy objects with such keys many times faster. */
function shareOf(key: string): number {
  return Number.parseInt(key.slice(-SHARE_LENGTH), 16);
}
