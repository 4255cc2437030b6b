import { completeEnvelope, envelopeOf, MemoryStore, NO_EVENTS, openLog, type LogIdentity, type Position, type RecordedEvent } from '@daybook/eventsourcing';
import { householdGroup } from '@daybook/household';
import { uuidV5, type Clock } from '@daybook/kernel';
import { openVault, systemClock, systemRandom, systemTimers, type QueryContext, type Vault } from '@daybook/platform';
import {
  forgetGroup,
  Nudges,
  pipelined,
  PositionWatch,
  ProjectionEngine,
  projectionMigrations,
  ReadModels,
  type EngineLimits,
} from '@daybook/projections';
import { Kysely, PostgresDialect } from 'kysely';
import { householdEvents, type HouseholdEvent } from '../../libs/household/src/family/family-events.js';
import { CapturedLog } from './captured-log.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { temporaryDirectory } from './instance.js';

/** Who did it and when; what is left out is ada, on 1 April 2026. */
export interface Circumstances {
  readonly actor?: string;
  /** The family's civil date at the decision. */
  readonly on?: string;
  readonly recordedAt?: string;
}

/** Events in, façade out: the household's read models on a real Postgres, over a log in memory. */
export class HouseholdRig {
  private nowMs = Date.parse('2026-04-01T23:30:00.000Z');
  readonly clock: Clock = { ...systemClock, now: () => this.nowMs };
  private last: Position = 0n;
  private engine: ProjectionEngine;

  private constructor(
    readonly store: MemoryStore,
    readonly database: TestDatabase,
    private readonly engineWith: (limits: Partial<EngineLimits>) => ProjectionEngine,
    private readonly watch: PositionWatch,
    readonly vault: Vault,
    /** What positions in answers belong to. */
    readonly logIdentity: LogIdentity,
    private readonly closeVault: () => Promise<void>,
  ) {
    this.engine = engineWith({});
  }

  static async open(): Promise<HouseholdRig> {
    const database = await createTestDatabase(projectionMigrations);
    const directory = await temporaryDirectory();
    const log = new CapturedLog();
    const ports = { clock: systemClock, timers: systemTimers, random: systemRandom, log };
    const vault = await openVault({ directory: directory.path, mustExist: false, ...ports });
    const nudges = new Nudges();
    const watch = new PositionWatch({ pool: database.pool, group: householdGroup.name, nudges, timers: systemTimers });
    const store = new MemoryStore();
    const engineWith = (limits: Partial<EngineLimits>) => new ProjectionEngine({
      limits,
      group: householdGroup,
      store,
      pool: database.pool,
      connect: pipelined({ connectionString: database.url }),
      onCommit: (commit) => nudges.emit({ ...commit, group: householdGroup.name }),
      ...ports,
    });
    const logIdentity = await openLog(store, systemRandom, systemClock);
    const rig = new HouseholdRig(store, database, engineWith, watch, vault, logIdentity, async () => {
      await vault.close();
      await directory.remove();
    });
    rig.engine.start();
    return rig;
  }

  readModels<Tables>(): ReadModels<Tables> {
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: this.database.pool }) });
    return new ReadModels<Tables>({ db, group: householdGroup, watch: this.watch, clock: systemClock, timers: systemTimers });
  }

  /** What `clock` says from now on. */
  itIsNow(instant: string): void {
    this.nowMs = Date.parse(instant);
  }

  /** One command's events at the end of a stream; answers the position of the last one. */
  async given(stream: string, ...events: readonly HouseholdEvent[]): Promise<Position> {
    return this.givenUnder({}, stream, ...events);
  }

  /** The same, done by somebody else or on another day. */
  async givenUnder(circumstances: Circumstances, stream: string, ...events: readonly HouseholdEvent[]): Promise<Position> {
    const { actor = 'ada', on = '2026-04-01', recordedAt = '2026-04-01T09:30:00.000Z' } = circumstances;
    const commandId = systemRandom.uuid();
    const metadata = completeEnvelope(envelopeOf({
      commandId,
      commandHash: 'hash',
      actor: { userId: actor, kind: 'user', role: null },
      client: null,
      ip: null,
      on,
      recordedAt,
    }));
    const stored = events.map((event, index) => ({
      ...householdEvents.encode(event),
      id: uuidV5(commandId, String(index)),
      metadata,
    }));
    const { position } = await this.store.append(stream, stored, await this.revisionOf(stream));
    this.last = position;
    return position;
  }

  /** Everything given so far, as the log has it. */
  history(): readonly RecordedEvent[] {
    return this.store.contents().filter(({ stream }) => householdGroup.streamPrefixes.some((prefix) => stream.startsWith(prefix)));
  }

  /** Until the read models of all families have everything given so far. */
  async caughtUp(): Promise<void> {
    await this.readModels().read({ space: null, minPosition: this.last, timeoutMs: 10_000 }, () => Promise.resolve());
  }

  /** Drops everything that was folded, and folds it again from the log. */
  async foldAnew(limits: Partial<EngineLimits> = {}): Promise<void> {
    await this.engine.stop();
    await forgetGroup(this.database.pool, householdGroup);
    this.engine = this.engineWith(limits);
    this.engine.start();
    await this.caughtUp();
  }

  /** Asks as this user, for an answer that has everything given so far. */
  as(userId: string): QueryContext {
    return { userId, minPosition: this.last, timeoutMs: 10_000 };
  }

  async close(): Promise<void> {
    await this.watch.close();
    await this.engine.stop();
    await this.closeVault();
    await this.database.drop();
  }

  private async revisionOf(stream: string): Promise<bigint> {
    for await (const { revision } of this.store.readStream(stream, { direction: 'backwards', maxCount: 1 })) return revision;
    return NO_EVENTS;
  }
}
