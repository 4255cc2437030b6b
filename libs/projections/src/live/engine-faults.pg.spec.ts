import { openLog, type RecordedEvent, type SubscriptionMessage } from '@daybook/eventsourcing';
import { systemClock, systemRandom } from '@daybook/platform';
import pg from 'pg';
import { BentConnections } from '../../../../test/support/projections/bent-connections.js';
import { bentStore, EngineRig } from '../../../../test/support/projections/engine-rig.js';
import { foldedState, storedState } from '../../../../test/support/projections/stored-state.js';
import { toyGroup } from '../../../../test/support/projections/toy-group.js';
import { toyLog } from '../../../../test/support/projections/toy-log.js';
import { foldInMemory, pipelined, type ProjectionGroup } from '../index.js';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const [ONE, TWO] = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002'];

let rig: EngineRig;

beforeEach(async () => {
  rig = await EngineRig.open();
});
afterEach(async () => rig.close());

const toyEvents = (): readonly RecordedEvent[] => rig.store.contents().filter(({ stream }) => stream.startsWith('toy-'));
const bent = (): BentConnections => new BentConnections(pipelined({ connectionString: rig.database.url }));

async function expectEqualToMemory(group: ProjectionGroup = toyGroup): Promise<void> {
  const stored = await storedState(rig.database.pool, group);
  expect(stored).toEqual(foldedState(foldInMemory(group, toyEvents()), group));
}

describe('a writer that was taken for dead', () => {
  it('commits nothing when it wakes, and starts again from what the other has written', async () => {
    const zombies = bent();
    const zombie = rig.start({ connect: zombies.opened });
    await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    zombies.hold();
    await toyLog(10).put(A, ONE, 'food', 6).to(rig.store);
    const heir = rig.start({ takeOver: true });
    await rig.until(() => heir.status().bucketSets[0]?.buckets.length === 64);
    await rig.caughtUp();
    const written = await storedState(rig.database.pool, toyGroup);
    zombies.release();
    await rig.until(() => zombie.status().restarts > 0);
    expect(zombie.status().reason).toMatch(/fenced|taken over/);
    expect(await storedState(rig.database.pool, toyGroup)).toEqual(written);
    await toyLog(20).put(A, TWO, 'toys', 7).put(B, ONE, 'rent', 8).to(rig.store);
    await rig.caughtUp();
    await expectEqualToMemory();
  });

  it('writes nothing of a batch when a single one of its buckets is gone', async () => {
    const engine = rig.start({ limits: { renewEveryMs: 60_000 } });
    await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    const before = await storedState(rig.database.pool, toyGroup);
    await rig.database.pool.query('update projection_buckets set owner_epoch = owner_epoch + 1 where bucket = 0');
    const { batches } = engine.status().counters;
    await toyLog(10).put(A, ONE, 'food', 6).put(B, ONE, 'food', 6).to(rig.store);
    await rig.until(() => engine.status().restarts > 0);
    expect(engine.status().reason ?? rig.log.lines.at(-1)?.facts['reason']).toMatch('fenced: 63 of 64 buckets are still ours');
    expect(engine.status().counters.batches).toBeGreaterThanOrEqual(batches);
    await rig.caughtUp();
    await expectEqualToMemory();
    expect(before.audit).toHaveLength(1);
  });
});

describe('a crash inside a commit', () => {
  const STATEMENTS = ['begin', 'fence', 'audit', 'documents', 'sums', 'items', 'journal', 'feed', 'heads', 'commit'];

  it.each(STATEMENTS.flatMap((name, index) => [['before', name, index + 1] as const, ['after', name, index + 1] as const]))(
    'just %s %s is as if it had not been, or had been complete',
    async (when, _, statement) => {
      const connections = bent();
      rig.start({ connect: connections.opened });
      await toyLog().put(A, ONE, 'food', 5).to(rig.store);
      await rig.caughtUp();
      connections.killAt(statement, when);
      await toyLog(10).put(A, ONE, 'toys', 6).to(rig.store);
      await rig.until(() => connections.killed === 1);
      // Counts how often it was put: a document of before or after the crash, mistaken for the other, shows.
      await toyLog(20).put(A, ONE, 'rent', 7).put(A, TWO, 'food', 1).to(rig.store);
      await rig.caughtUp();
      await expectEqualToMemory();
    },
  );
});

describe('several processes', () => {
  it('share the buckets, count the same events, and take over those of one that dies', async () => {
    const limits = { leaseMs: 300, renewEveryMs: 30 };
    const own = new pg.Pool({ connectionString: rig.database.url });
    own.on('error', () => undefined);
    const connections = bent();
    const first = rig.start({ limits });
    await toyLog().put(A, ONE, 'food', 5).put(B, TWO, 'toys', 5).to(rig.store);
    const second = rig.start({ limits, pool: own, connect: connections.opened });
    const bucketsOf = (engine: typeof first): number[] => engine.status().bucketSets.map(({ buckets }) => buckets.length);
    await rig.until(() => bucketsOf(first).join() === '32' && bucketsOf(second).join() === '32');
    await toyLog(10).put(A, ONE, 'rent', 6).put(B, ONE, 'rent', 6).noted(A).noted(B).to(rig.store);
    await rig.caughtUp();
    await expectEqualToMemory();
    expect([first, second].map((engine) => engine.status().restarts)).toEqual([0, 0]);
    connections.hold();
    await own.end();
    await toyLog(20).put(A, TWO, 'rent', 6).put(B, ONE, 'food', 6).to(rig.store);
    await rig.until(() => bucketsOf(first).join() === '64');
    await rig.caughtUp();
    connections.release();
    await expectEqualToMemory();
  });
});

describe('buckets that come back', () => {
  it('are folded on with what the other process has written meanwhile, not with what was remembered', async () => {
    const spaces = Array.from({ length: 12 }, (_, number) => `00000000-0000-4000-8000-0000000000${number + 10}`);
    const everywhere = async (first: number): Promise<void> => {
      const log = toyLog(first);
      for (const space of spaces) log.put(space, ONE, 'food', first);
      await log.to(rig.store);
      await rig.caughtUp();
    };
    const first = rig.start();
    const bucketsOf = (engine: typeof first): number | undefined => engine.status().bucketSets[0]?.buckets.length;
    await everywhere(1);
    const second = rig.start();
    await rig.until(() => bucketsOf(first) === 32 && bucketsOf(second) === 32);
    await everywhere(100);
    await second.stop();
    await rig.until(() => bucketsOf(first) === 64);
    await everywhere(200);
    await expectEqualToMemory();
    expect([first, second].map((engine) => engine.status().restarts)).toEqual([0, 0]);
    expect(rig.log.messages()).toEqual([]);
  });
});

describe('a subscription that misbehaves', () => {
  it('may deliver again what was delivered before: nothing changes', async () => {
    const store = bentStore(rig.store, async function* (messages) {
      const past: SubscriptionMessage[] = [];
      for await (const message of messages) {
        yield message;
        past.push(message);
        yield* past;
      }
    });
    rig.start({ store });
    await toyLog().put(A, ONE, 'food', 5).put(A, ONE, 'food', 6).put(B, ONE, 'food', 6).to(rig.store);
    await rig.caughtUp();
    await expectEqualToMemory();
  });

  it('may be lost at any time: it resumes from the checkpoint', async () => {
    rig.start();
    for (let round = 0; round < 5; round += 1) {
      await toyLog(10 * round).put(A, ONE, 'food', round).noted(B).to(rig.store);
      rig.store.dropSubscriptions();
    }
    await rig.caughtUp();
    await expectEqualToMemory();
  });

  it('is asked again when it leaves an event out', async () => {
    let left = 1;
    const store = bentStore(rig.store, async function* (messages) {
      for await (const message of messages) {
        if (message.kind === 'event' && message.event.revision === 1n && left-- > 0) continue;
        yield message;
      }
    });
    await toyLog().put(A, ONE, 'food', 5).put(A, ONE, 'food', 6).put(A, ONE, 'food', 7).to(rig.store);
    rig.start({ store, limits: { batchEveryMs: 1_000 } });
    await rig.caughtUp();
    await expectEqualToMemory();
  });

  it('stops the engine when what it left out lies before the checkpoint', async () => {
    const store = bentStore(rig.store, async function* (messages) {
      for await (const message of messages) if (message.kind !== 'event' || message.event.revision !== 1n) yield message;
    });
    const engine = rig.start({ store });
    await toyLog().put(A, ONE, 'food', 5).put(A, ONE, 'food', 6).put(B, ONE, 'food', 7).to(rig.store);
    await rig.until(async () => (await rig.database.pool.query('select from audit_log')).rowCount === 2);
    await toyLog(10).put(A, ONE, 'food', 8).to(rig.store);
    await engine.ended();
    expect(engine.status()).toMatchObject({ state: 'stopped', reason: expect.stringMatching(/^event 1 of toy-.* was never delivered$/) });
  });
});

describe('a log that cannot be trusted', () => {
  const failing = async (engine: ReturnType<EngineRig['start']>): Promise<string | null> => {
    await engine.ended();
    expect(engine.status().state).toBe('stopped');
    return engine.status().reason;
  };

  it('stops the engine at an event type nobody knows, with everything before it written', async () => {
    const engine = rig.start();
    await toyLog().put(A, ONE, 'food', 5).append(A, 'Surprise', {}).put(A, ONE, 'food', 6).to(rig.store);
    expect(await failing(engine)).toMatch(/^Surprise at \d+ in toy-.* is unknown to toy$/);
    expect((await storedState(rig.database.pool, toyGroup)).audit).toHaveLength(1);
  });

  it('stops the engine when it went back below the checkpoint', async () => {
    const engine = rig.start();
    const [first] = await toyLog().put(A, ONE, 'food', 5).put(A, ONE, 'food', 6).to(rig.store);
    await rig.caughtUp();
    rig.store.goBackTo(first?.position ?? 0n);
    expect(await failing(engine)).toMatch(/^the log went back: event .* was at \d+, now nothing is there$/);
  });

  it('stops the engine when another event stands where the last one was', async () => {
    const engine = rig.start();
    const [first] = await toyLog().put(A, ONE, 'food', 5).put(A, ONE, 'food', 6).to(rig.store);
    await rig.caughtUp();
    await engine.stop();
    rig.store.goBackTo(first?.position ?? 0n);
    await rig.store.append(`toy-${A}`, [{ id: B, type: 'ItemPut', data: { item: ONE, category: 'food', amount: 6, note: null }, metadata: {} }], 0n);
    expect(await failing(rig.start())).toMatch(/^the log went back: event/);
  });

  it('stops the engine when it is another log', async () => {
    await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    const first = rig.start();
    await rig.caughtUp();
    await first.stop();
    await rig.database.pool.query(`update projection_buckets set log_id = 'another' where bucket = 7`);
    expect(await failing(rig.start())).toMatch(/^the rows are of log another, this is .*: another log/);
  });

  it('waits for a log that has not been opened', async () => {
    await rig.close();
    rig = await EngineRig.open({ opened: false });
    const engine = rig.start();
    await rig.until(() => engine.status().restarts > 0);
    await openLog(rig.store, systemRandom, systemClock);
    await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    await expectEqualToMemory();
  });
});

describe('rows that contradict the engine itself', () => {
  it('park nobody: it starts again, and says why, until they are gone', async () => {
    const engine = rig.start();
    await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    await rig.database.pool.query(`insert into changefeed (space, group_name, v, bucket, position, command_ids, recorded_at)
      select space, group_name, v + 1, bucket, position, command_ids, recorded_at from changefeed`);
    await toyLog(10).put(A, ONE, 'food', 6).to(rig.store);
    await rig.until(() => engine.status().restarts > 0);
    expect(engine.status().reason).toMatch(/changefeed_pkey/);
    await rig.database.pool.query('delete from changefeed where v = 2');
    await rig.caughtUp();
    await expectEqualToMemory();
  });
});

describe('rows of another program', () => {
  const [sums, ...others] = toyGroup.projections;
  if (sums === undefined) throw new Error('the toy group is empty');
  const changed: ProjectionGroup = { ...toyGroup, projections: [{ ...sums, version: 2 }, ...others] };

  beforeEach(async () => {
    const first = rig.start();
    await toyLog().put(A, ONE, 'food', 5).put(B, ONE, 'food', 6).to(rig.store);
    await rig.caughtUp();
    await first.stop();
  });

  it('are not written on: other versions need a rebuild', async () => {
    const engine = rig.start({ group: changed });
    await engine.ended();
    expect(engine.status().reason).toMatch(/rows of toy are .*"toy_sums_v1".*, this program has .*"toy_sums_v2"/);
  });

  it('are folded anew from the log where nobody else is at work, with the same versions of the feed', async () => {
    const engine = rig.start({ group: changed, forgetChanged: true });
    await rig.until(() => engine.status().state === 'live');
    await rig.caughtUp();
    await expectEqualToMemory(changed);
    const { rows } = await rig.database.pool.query(`select to_regclass('toy_sums_v1') as old, to_regclass('toy_sums_v2')::text as new`);
    expect(rows).toEqual([{ old: null, new: 'toy_sums_v2' }]);
  });

  it('are the same whatever order a program lists its projections in', async () => {
    rig.start({ group: { ...toyGroup, projections: [...toyGroup.projections].reverse() } });
    await toyLog(10).noted(A).to(rig.store);
    await rig.caughtUp();
    expect((await storedState(rig.database.pool, toyGroup)).audit).toHaveLength(3);
  });
});
