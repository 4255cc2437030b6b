import { DaybookError } from '@daybook/kernel';
import { fieldsBetween } from './decide-difference.js';
import type { LedgerTransaction } from './state.js';

/** A VERSION_CONFLICT that knows what the transaction is by now; the shell opens it for the caller. */
export class TransactionConflict extends DaybookError {
  constructor(
    readonly transaction: LedgerTransaction,
    expectedVersion: number,
  ) {
    const { status, version, contents, current } = transaction;
    const seen = contents[expectedVersion - 1];
    const changedFields = [...(status === 'voided' ? ['status'] : []), ...(seen === undefined ? [] : fieldsBetween(seen, current))];
    const detail =
      status === 'voided'
        ? 'It was voided; record it anew if it is still wanted.'
        : `It is at version ${version}; look at what changed and send that version.`;
    super('VERSION_CONFLICT', detail, { changedFields });
  }
}
