/** What happens in a household, as types: for the pure core, which knows none of the folders where it is decided. */
export type { FamilyEvent, HouseholdEvent } from './family/family-events.js';
export type { LedgerEvent, TransactionContent } from './ledger/events.js';
