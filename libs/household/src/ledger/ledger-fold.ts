import { ledgerEvents } from './events.js';
import { evolveLedger, initialLedger } from './state.js';

/** How everybody reads a month of the ledger; whoever decides on it decides with this fold. */
export const ledgerFold = {
  decider: { initial: initialLedger, evolve: evolveLedger },
  events: ledgerEvents,
} as const;
