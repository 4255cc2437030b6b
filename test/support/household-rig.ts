import { completeEnvelope, envelopeOf, MemoryStore, NO_EVENTS, openLog, type Position } from '@daybook/eventsourcing';
import { householdGroup } from '@daybook/household';
import { uuidV5 } from '@daybook/kernel';
import { openVault, systemClock, systemRandom, systemTimers, type QueryContext, type Vault } from '@daybook/platform';
import { Nudges, pipelined, PositionWatch, ProjectionEngine, projectionMigrations, ReadModels } from '@daybook/projections';
import { Kysely, PostgresDialect } from 'kysely';
import { membershipEvents, type MembershipEvent } from '../../libs/household/src/membership/index.js';
import { CapturedLog } from './captured-log.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { temporaryDirectory } from './instance.js';

const ON = '2026-04-01';
const RECORDED_AT = '2026-04-01T09:30:00.000Z';

/** Events in, façade out: the household's read models on a real Postgres, over a log in memory. */
export class HouseholdRig {
  readonly clock = { ...systemClock, now: () => Date.parse('2026-04-01T23:30:00.000Z') };
  private last: Position = 0n;

  private constructor(
    private readonly store: MemoryStore,
    private readonly database: TestDatabase,
    private readonly engine: ProjectionEngine,
    private readonly watch: PositionWatch,
    readonly vault: Vault,
    private readonly closeVault: () => Promise<void>,
  ) {}

  static async open(): Promise<HouseholdRig> {
    const database = await createTestDatabase(projectionMigrations);
    const directory = await temporaryDirectory();
    const log = new CapturedLog();
    const ports = { clock: systemClock, timers: systemTimers, random: systemRandom, log };
    const vault = await openVault({ directory: directory.path, mustExist: false, ...ports });
    const nudges = new Nudges();
    const watch = new PositionWatch({ pool: database.pool, group: householdGroup.name, nudges, timers: systemTimers });
    const store = new MemoryStore();
    const engine = new ProjectionEngine({
      group: householdGroup,
      store,
      pool: database.pool,
      connect: pipelined({ connectionString: database.url }),
      onCommit: (commit) => nudges.emit({ ...commit, group: householdGroup.name }),
      ...ports,
    });
    const rig = new HouseholdRig(store, database, engine, watch, vault, async () => {
      await vault.close();
      await directory.remove();
    });
    await openLog(store, systemRandom, systemClock);
    engine.start();
    return rig;
  }

  readModels<Tables>(): ReadModels<Tables> {
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: this.database.pool }) });
    return new ReadModels<Tables>({ db, group: householdGroup.name, watch: this.watch, clock: systemClock, timers: systemTimers });
  }

  /** One command's events, in a stream that has none yet. */
  async given(stream: string, ...events: readonly MembershipEvent[]): Promise<void> {
    const commandId = systemRandom.uuid();
    const metadata = completeEnvelope(envelopeOf({
      commandId,
      commandHash: 'hash',
      actor: { userId: 'ada', kind: 'user', role: null },
      client: null,
      ip: null,
      on: ON,
      recordedAt: RECORDED_AT,
    }));
    const stored = events.map((event, index) => ({
      ...membershipEvents.encode(event),
      id: uuidV5(commandId, String(index)),
      metadata,
    }));
    const { position } = await this.store.append(stream, stored, NO_EVENTS);
    this.last = position;
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
}
