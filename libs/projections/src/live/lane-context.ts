import type { EventStore } from '@daybook/eventsourcing';
import type { Clock, Log, Timers } from '@daybook/kernel';
import type { ProjectionGroup } from '../projection.js';
import type { Connect } from './connection.js';
import type { Counters } from './counters.js';
import type { GroupWriter } from './group-writer.js';
import type { EngineLimits } from './limits.js';
import type { WorkingSet } from './working-set.js';

/** What all lanes of one engine share. */
export interface LaneContext {
  readonly group: ProjectionGroup;
  readonly store: EventStore;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  /** This process, as leases name it. */
  readonly owner: string;
  readonly limits: EngineLimits;
  readonly writer: GroupWriter;
  readonly working: WorkingSet;
  readonly counters: Counters;
  committed(commit: Commit): void;
}

export interface Commit {
  readonly position: bigint;
  readonly owned: ReadonlySet<number>;
  /** Buckets with a feed row in this commit. */
  readonly touched: ReadonlySet<number>;
  /** Buckets in which a space is parked. */
  readonly parked: ReadonlySet<number>;
}
