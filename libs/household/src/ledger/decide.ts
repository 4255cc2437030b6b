import { DaybookError, transactionId, type CivilDate } from '@daybook/kernel';
import type { Decider } from '@daybook/eventsourcing';
import { periodOf } from '../budget/calendar.js';
import { familyOf, requireRole, todayOf, type FamilyInSight } from '../family/authority.js';
import type { FamilyState } from '../family/family-state.js';
import type { AmendTransaction, CreateTransaction, Entry, LedgerCommand, VoidTransaction } from './commands.js';
import { amendedEntry, categoryOf, contentOf, wrongField, type ContentRules } from './decide-content.js';
import { fieldsBetween } from './decide-difference.js';
import { isRepeat } from './decide-repeat.js';
import type { LedgerEvent, TransactionContent } from './events.js';
import { evolveLedger, initialLedger, recordedUnder, transactionIn, type LedgerState, type LedgerTransaction } from './state.js';
import { TransactionConflict } from './transaction-conflict.js';

/** What lies outside the ledger of the month. */
export interface LedgerFacts {
  readonly family: FamilyState;
  /** Milliseconds since 1970; the decision makes the family's today of it. */
  readonly now: number;
  /** The transaction of another month that was recorded under the clientId; null when there is none, or none is known. */
  readonly elsewhere: string | null;
  /** The transaction of another month that a refund names. */
  readonly original: LedgerTransaction | null;
}

/** Repeat before authority: whoever was answered once is answered the same again, whatever has happened since. */
function decideCreate(command: CreateTransaction, state: LedgerState, facts: LedgerFacts): readonly LedgerEvent[] {
  const { familyId, clientId, actor, entry } = command;
  const known = recordedUnder(state, familyId, clientId);
  if (known !== undefined && isRepeat(command, known)) return [];
  const family = familyOf(facts.family, actor);
  requireRole(family, 'manager', 'member');
  const taken = known?.transactionId ?? facts.elsewhere;
  if (taken !== null) throw clientIdTaken(clientId, taken);
  const original = originalOf(entry, state, facts);
  const content = contentOf(withCategoryOf(original, entry), {
    ...rulesOf(command, family, facts),
    kept: { content: null, categoryId: original && categoryOf(original) },
  });
  requireOpen(command, family, content.date, entry.date);
  const id = transactionId(familyId, clientId, content.date);
  return [{ type: 'TransactionRecorded', data: { transactionId: id, clientId, recordedBy: actor, ...content } }];
}

function decideAmend(command: AmendTransaction, state: LedgerState, facts: LedgerFacts): readonly LedgerEvent[] {
  const family = familyOf(facts.family, command.actor);
  const transaction = ownIn(state, command, family);
  const { current: before, version } = transaction;
  const content = (): TransactionContent =>
    contentOf(amendedEntry(before, command.changes), {
      ...rulesOf(command, family, facts),
      kept: { content: before, categoryId: categoryOf(before) },
    });
  if (transaction.status === 'voided') throw new TransactionConflict(transaction, command.expectedVersion);
  const isStale = command.expectedVersion !== version;
  // On another version than the sender's, what breaks a rule is a conflict first: the sender has not seen it.
  const after = isStale ? unlessRefused(content) : content();
  if (after !== null && fieldsBetween(before, after).length === 0) return [];
  if (after === null || isStale) throw new TransactionConflict(transaction, command.expectedVersion);
  requireOpen(command, family, before.date, command.changes.date);
  requireOpen(command, family, after.date, command.changes.date);
  return [{ type: 'TransactionAmended', data: { transactionId: command.transactionId, fromVersion: version, before, after } }];
}

function decideVoid(command: VoidTransaction, state: LedgerState, facts: LedgerFacts): readonly LedgerEvent[] {
  const { transactionId: id, expectedVersion, reason } = command;
  const family = familyOf(facts.family, command.actor);
  const transaction = ownIn(state, command, family);
  const { current: before, version } = transaction;
  if (transaction.status === 'voided') return [];
  if (expectedVersion !== version) throw new TransactionConflict(transaction, expectedVersion);
  requireOpen(command, family, before.date);
  return [{ type: 'TransactionVoided', data: { transactionId: id, fromVersion: version, before, reason } }];
}

/** The transaction, for whoever may change it: members their own, managers all. */
function ownIn(
  state: LedgerState,
  { transactionId: id, actor }: AmendTransaction | VoidTransaction,
  family: FamilyInSight,
): LedgerTransaction {
  requireRole(family, 'manager', 'member');
  const transaction = transactionIn(state, id);
  if (transaction === undefined) throw new DaybookError('NOT_FOUND', 'The family has no such transaction.');
  if (family.role === 'manager' || transaction.recordedBy === actor) return transaction;
  throw new DaybookError('FORBIDDEN', 'Only a manager may change what another member has recorded.');
}

function rulesOf(
  { familyId, actor }: LedgerCommand,
  family: FamilyInSight,
  { now }: LedgerFacts,
): Omit<ContentRules, 'kept'> {
  return { familyId, actor, family, today: todayOf(family.plan, now) };
}

/** What a refund gives back: a live expense of the family, of this month or of another one. */
function originalOf({ originalTransactionId: id }: Entry, state: LedgerState, facts: LedgerFacts): TransactionContent | null {
  if (id === null) return null;
  const original = transactionIn(state, id) ?? facts.original;
  if (original?.status === 'live' && original.current.type === 'expense') return original.current;
  throw wrongField('/originalTransactionId', 'not_a_live_expense', 'must be an expense of the family that was not voided');
}

function withCategoryOf(original: TransactionContent | null, entry: Entry): Entry {
  return original === null || entry.category !== null ? entry : { ...entry, category: categoryOf(original) };
}

/** `asked` is the date the sender named, if the sender named one. */
function requireOpen(
  { acceptsClosedPeriod }: LedgerCommand,
  { plan: { budget } }: FamilyInSight,
  date: CivilDate,
  asked?: CivilDate,
): void {
  const period = periodOf(budget.calendar, date)?.start;
  if (acceptsClosedPeriod || period === undefined || !budget.closed.includes(period)) return;
  const message = `lies in the closed period that began on ${period}`;
  throw new DaybookError('PERIOD_CLOSED', 'Reopen the period, or send lateEntry=adjustCurrent to let it count in the open one.', {
    period,
    ...(date === asked && { errors: [{ pointer: '/date', code: 'period_closed', message }] }),
  });
}

function clientIdTaken(clientId: string, id: string): DaybookError {
  return new DaybookError('IDEMPOTENCY_KEY_REUSED', 'Another transaction was recorded under this clientId; choose a new one.', {
    clientId,
    transactionId: id,
  });
}

function unlessRefused<Value>(decide: () => Value): Value | null {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DaybookError) return null;
    throw error;
  }
}

export const ledgerDecider: Decider<LedgerState, LedgerCommand, LedgerEvent, LedgerFacts> = {
  initial: initialLedger,
  evolve: evolveLedger,
  decide(command, state, facts) {
    switch (command.type) {
      case 'createTransaction':
        return decideCreate(command, state, facts);
      case 'amendTransaction':
        return decideAmend(command, state, facts);
      case 'voidTransaction':
        return decideVoid(command, state, facts);
      default:
        throw new Error(`unknown ledger command ${JSON.stringify(command satisfies never)}`);
    }
  },
};
