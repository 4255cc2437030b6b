import type { HouseholdParts } from '../household-parts.js';
import type { FreshFamilies } from './fresh-families.js';

/** What the shell around the ledger's decider works with. */
export interface LedgerParts extends Pick<HouseholdParts, 'commands' | 'sealer' | 'clock'> {
  readonly families: FreshFamilies;
}
