import type { CivilMonth } from '@daybook/kernel';
import type { Space } from '@daybook/projections';

/**
 * Stream names are a storage contract. A family's rare facts share one stream, so that its rules are guarded by one
 * revision; its transactions live in one ledger stream a month.
 */
const FAMILY_PREFIX = 'family-';
const LEDGER_PREFIX = 'ledger-';
const USER_PREFIX = 'user-';
const UUID_LENGTH = 36;

export const HOUSEHOLD_STREAM_PREFIXES = [FAMILY_PREFIX, LEDGER_PREFIX, USER_PREFIX] as const;

export function familyStream(familyId: string): string {
  return FAMILY_PREFIX + familyId;
}

/** The month of the date a transaction was given at creation: where it lives, never when it counts. */
export function ledgerStream(familyId: string, month: CivilMonth): string {
  return `${LEDGER_PREFIX}${familyId}-${month}`;
}

export function spaceOfStream(stream: string): Space {
  if (stream.startsWith(FAMILY_PREFIX)) return { kind: 'family', id: stream.slice(FAMILY_PREFIX.length) };
  if (stream.startsWith(LEDGER_PREFIX)) {
    return { kind: 'family', id: stream.slice(LEDGER_PREFIX.length, LEDGER_PREFIX.length + UUID_LENGTH) };
  }
  if (stream.startsWith(USER_PREFIX)) return { kind: 'user', id: stream.slice(USER_PREFIX.length) };
  throw new Error(`stream ${stream} belongs to no space of the household`);
}
