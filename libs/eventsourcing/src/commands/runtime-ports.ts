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
  /** Drawn anew for every runtime: part of the ids of the events it decides. */
  readonly runtimeId: string;
}
