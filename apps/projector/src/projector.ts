import type { EventStore } from '@daybook/eventsourcing';
import { householdGroup } from '@daybook/household';
import type { Clock, Log, Random, Timers } from '@daybook/kernel';
import { postgresClientConfig, type Metrics } from '@daybook/platform';
import { NudgeSender, pipelined, ProjectionEngine, type Nudges } from '@daybook/projections';
import type { Pool } from 'pg';

export interface ProjectorParts {
  readonly store: EventStore;
  readonly pool: Pool;
  readonly url: string;
  /** For readers in this process; those in others are told through Postgres. */
  readonly nudges: Nudges;
  /** Nobody else can be at work: the data directory is locked. */
  readonly isAlone: boolean;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
}

export interface Projector {
  readonly engine: ProjectionEngine;
  stop(): Promise<void>;
}

/** Keeps every read model of this program up to the log. */
export function startProjector(parts: ProjectorParts): Projector {
  const { store, pool, url, nudges, clock, timers, random, log } = parts;
  const sender = new NudgeSender(pool, householdGroup.name, log);
  const engine = new ProjectionEngine({
    group: householdGroup,
    store,
    pool,
    connect: pipelined(postgresClientConfig({ url, applicationName: 'projector' })),
    clock,
    timers,
    random,
    log,
    takeOver: parts.isAlone,
    // Where nobody else reads them, read models of an earlier version are simply made again from the log.
    forgetChanged: parts.isAlone,
    onCommit(commit) {
      nudges.emit({ ...commit, group: householdGroup.name });
      if (!parts.isAlone) sender.send(commit);
    },
  });
  exposeMetrics(engine, parts.metrics);
  engine.start();
  return {
    engine,
    async stop() {
      await engine.stop();
      await sender.settled();
    },
  };
}

function exposeMetrics(engine: ProjectionEngine, metrics: Metrics): void {
  metrics.gauge({
    name: 'daybook_projection_lag_seconds',
    help: 'Age of the oldest event that was delivered and is not yet in the read models',
    read: () => Math.max(0, ...engine.status().bucketSets.map(({ lagSeconds }) => lagSeconds)),
  });
  metrics.gauge({
    name: 'daybook_projection_lag_events',
    help: 'Events that were delivered and are not yet in the read models',
    read: () => engine.status().bucketSets.reduce((sum, { lagEvents }) => sum + lagEvents, 0),
  });
  metrics.gauge({
    name: 'daybook_projection_parked_spaces',
    help: 'Families whose read models stand still until an operator looks at them',
    read: () => engine.status().parked,
  });
  metrics.gauge({
    name: 'daybook_projection_events',
    help: 'Events folded since this process started',
    read: () => engine.status().counters.events,
  });
}
