import type { Clock, Log, Random, Timers } from '@daybook/kernel';
import type { EventStore } from '../store.js';
import type { CommandLimits } from './command-request.js';

/** Everything the runtime needs from outside. */
export interface RuntimePorts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly limits: CommandLimits;
  /**
   * A new name at every call, in this and every other runtime: part of the ids of the events that are decided. The store
   * takes equal ids at an equal revision for the same append and answers success without a look at the content: were
   * the ids those of the command alone, the events of another decision of it would be taken for one's own.
   */
  readonly nameDecision: () => string;
}
