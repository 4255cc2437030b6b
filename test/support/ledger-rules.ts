import { parseCivilDate, transactionId, type CivilDate, type Sealed } from '@daybook/kernel';
import type { AmountText } from '../../libs/household/src/amount-input.js';
import { familyEvents, type FamilyEvent } from '../../libs/household/src/family/family-events.js';
import { evolveFamily, initialFamily, type FamilyState } from '../../libs/household/src/family/family-state.js';
import type { AmendTransaction, CreateTransaction, Entry, VoidTransaction } from '../../libs/household/src/ledger/commands.js';
import { ledgerDecider, type LedgerFacts } from '../../libs/household/src/ledger/decide.js';
import type { LedgerEvent, TransactionContent } from '../../libs/household/src/ledger/events.js';
import type { Role } from '../../libs/household/src/membership/roles.js';
import { familyCreated, HOME, spending } from './budget-events.js';
import { rulesOf } from './decider.js';

/** Ten in the evening of 10 April 2026 where the family is. */
export const NOW = Date.parse('2026-04-10T21:00:00.000Z');
export const day = (text: string): CivilDate => parseCivilDate(text);
export const amount = (text: string): AmountText => text as AmountText;
export const sealedBy = (subject: string, data = 'c2VhbGVk'): Sealed => ({ sealed: 1, subject, data });

export function member(userId: string, role: Role): FamilyEvent {
  return { type: 'MemberJoined', data: { userId, role, via: 'founding' } };
}

/** The family of the vectors with ada who manages it, bob who belongs to it, carol who looks on; and what came after. */
export function homeAfter(...events: readonly FamilyEvent[]): FamilyState {
  const opening = familyCreated().map((event) => familyEvents.decode(familyEvents.encode(event as FamilyEvent)));
  return [...opening, member('bob', 'member'), member('carol', 'viewer'), ...events].reduce(evolveFamily, initialFamily);
}

export function ledgerRules(facts: Partial<LedgerFacts> = {}) {
  return rulesOf(ledgerDecider, { family: homeAfter(), now: NOW, elsewhere: null, original: null, ...facts });
}

/** Ada's 45.00 of 3 April under the clientId c-1; `entry` and `change` make anything else of it. */
export function createCommand(entry: Partial<Entry> = {}, change: Partial<CreateTransaction> = {}): CreateTransaction {
  return {
    type: 'createTransaction',
    familyId: HOME,
    actor: 'ada',
    clientId: 'c-1',
    isDateGiven: true,
    acceptsClosedPeriod: false,
    entry: {
      type: 'expense',
      date: day('2026-04-03'),
      amount: amount('45.00'),
      category: 'variable',
      incomeKind: null,
      paidBy: null,
      description: null,
      originalTransactionId: null,
      ...entry,
    },
    ...change,
  };
}

export const ID = transactionId(HOME, 'c-1', day('2026-04-03'));
export const LUNCH = spending('2026-04-03', 45_00);

export function recordedAs(content: TransactionContent = LUNCH, { clientId = 'c-1', recordedBy = 'ada' } = {}): LedgerEvent {
  const id = transactionId(HOME, clientId, content.date);
  return { type: 'TransactionRecorded', data: { transactionId: id, clientId, recordedBy, ...content } };
}

export function amendedTo(after: TransactionContent, fromVersion = 1, before = LUNCH): LedgerEvent {
  return { type: 'TransactionAmended', data: { transactionId: ID, fromVersion, before, after } };
}

export function voidedAs(before = LUNCH, fromVersion = 1, reason: Sealed | null = null): LedgerEvent {
  return { type: 'TransactionVoided', data: { transactionId: ID, fromVersion, before, reason } };
}

export function amendCommand(changes: AmendTransaction['changes'], change: Partial<AmendTransaction> = {}): AmendTransaction {
  const whose = { familyId: HOME, actor: 'ada', transactionId: ID, acceptsClosedPeriod: false };
  return { type: 'amendTransaction', ...whose, expectedVersion: 1, changes, ...change };
}

export function voidCommand(change: Partial<VoidTransaction> = {}): VoidTransaction {
  const whose = { familyId: HOME, actor: 'ada', transactionId: ID, acceptsClosedPeriod: false };
  return { type: 'voidTransaction', ...whose, expectedVersion: 1, reason: null, ...change };
}
