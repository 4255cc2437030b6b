import { inspect } from 'node:util';
import { MemoryStore, openLog, type EventStore } from '@daybook/eventsourcing';
import { systemClock, systemRandom, systemTimers } from '@daybook/platform';
import {
  pipelined,
  projectionMigrations,
  ProjectionEngine,
  type Commit,
  type EngineOptions,
} from '@daybook/projections';
import { CapturedLog } from '../captured-log.js';
import { createTestDatabase, type TestDatabase } from '../database.js';
import { toyGroup } from './toy-group.js';

const PATIENCE_MILLISECONDS = 10_000;

/** One log, one database, and as many engines as a test starts; everything is stopped and dropped at its end. */
export class EngineRig {
  readonly store = new MemoryStore();
  readonly log = new CapturedLog();
  private readonly engines = new Set<ProjectionEngine>();
  private readonly watchers = new Set<() => void>();
  private reached = -1n;

  private constructor(readonly database: TestDatabase) {}

  static async open({ opened = true } = {}): Promise<EngineRig> {
    const rig = new EngineRig(await createTestDatabase(projectionMigrations));
    if (opened) await openLog(rig.store, systemRandom, systemClock);
    return rig;
  }

  /** Short leases and no waiting, so that a test sees within milliseconds what takes seconds in production. */
  options(changes: Partial<EngineOptions> = {}): EngineOptions {
    return {
      group: toyGroup,
      store: this.store,
      pool: this.database.pool,
      connect: pipelined({ connectionString: this.database.url }),
      clock: systemClock,
      timers: systemTimers,
      random: systemRandom,
      log: this.log,
      onCommit: (commit) => this.note(commit),
      ...changes,
      limits: { batchEveryMs: 0, backoffMsMin: 1, backoffMsMax: 20, renewEveryMs: 50, ...changes.limits },
    };
  }

  start(changes: Partial<EngineOptions> = {}): ProjectionEngine {
    const engine = new ProjectionEngine(this.options(changes));
    this.engines.add(engine);
    engine.start();
    return engine;
  }

  /** Until the whole log, as it is now, is in the read models of every bucket. */
  async caughtUp(): Promise<void> {
    const end = this.store.contents().findLast(({ stream }) => stream.startsWith('toy-'))?.position ?? -1n;
    await this.until(async () => {
      const { rows } = await this.database.pool.query<{ there: boolean }>(
        'select count(*) = 64 and bool_and(coalesce(event_position, -1) >= $1) as there from projection_buckets',
        [end],
      );
      return rows[0]?.there === true;
    });
  }

  /** Looks again after every commit, and every few milliseconds for what no commit tells. */
  async until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = systemClock.monotonic() + PATIENCE_MILLISECONDS;
    while (!(await holds())) {
      const states = [...this.engines].map((engine) => engine.status());
      const failed = states.find(({ state, reason }) => state === 'stopped' && reason !== null);
      if (failed) throw new Error(`an engine stopped: ${failed.reason}`);
      if (systemClock.monotonic() > deadline) throw new Error(`never came true: ${inspect({ states, said: this.log.lines }, { depth: 6 })}`);
      await new Promise<void>((resolve) => {
        const cancel = systemTimers.after(5, resolve);
        this.watchers.add(() => {
          cancel();
          resolve();
        });
      });
    }
  }

  note({ position }: Commit): void {
    if (position > this.reached) this.reached = position;
    for (const watcher of this.watchers) watcher();
    this.watchers.clear();
  }

  async close(): Promise<void> {
    await Promise.all([...this.engines].map(async (engine) => engine.stop()));
    await this.database.drop();
  }
}

/** An event store whose subscriptions a test bends: what it yields is what the engine gets. */
export function bentStore(store: MemoryStore, bend: (messages: ReturnType<EventStore['subscribe']>) => ReturnType<EventStore['subscribe']>): EventStore {
  return {
    append: async (stream, events, revision) => store.append(stream, events, revision),
    readStream: (...args) => store.readStream(...args),
    readAll: (...args) => store.readAll(...args),
    eventAt: async (position) => store.eventAt(position),
    subscribe: (options) => bend(store.subscribe(options)),
    close: async () => store.close(),
  };
}

