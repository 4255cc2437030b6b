import { Kysely, PostgresDialect, type Generated } from 'kysely';
import { Pool } from 'pg';
import { systemClock, systemRandom, systemTimers } from '@daybook/platform';
import { CapturedLog } from '../../../../test/support/captured-log.js';
import { EngineRig } from '../../../../test/support/projections/engine-rig.js';
import { sums as sumsProjection, toyGroup } from '../../../../test/support/projections/toy-group.js';
import { toyLog } from '../../../../test/support/projections/toy-log.js';
import {
  Nudges,
  NudgeReceiver,
  NudgeSender,
  PositionWatch,
  readDocument,
  ReadModels,
  type ReadAnswer,
  type Space,
} from '../index.js';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const SPACE: Space = { kind: 'family', id: A };
const [ONE, TWO] = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002'];
const LONG = 10_000;

interface Schema {
  readonly toy_sums: { readonly space: string; readonly category: string; readonly amount: Generated<string> };
}

describe('reading', () => {
  let rig: EngineRig;
  let watch: PositionWatch;
  let nudges: Nudges;
  let models: ReadModels<Schema>;

  beforeEach(async () => {
    rig = await EngineRig.open();
    nudges = new Nudges();
    watch = new PositionWatch({ pool: rig.database.pool, group: 'toy', nudges, timers: systemTimers, pollMs: 5 });
    const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: rig.database.pool }) });
    models = new ReadModels({ db, group: toyGroup, watch, clock: systemClock, timers: systemTimers });
  });
  afterEach(async () => {
    await watch.close();
    await rig.close();
  });

  type Sum = { readonly category: string; readonly amount: number };
  const sums = async (request: { minPosition?: bigint; timeoutMs?: number } = {}): Promise<ReadAnswer<Sum[]>> =>
    models.read({ space: SPACE, ...request }, async (trx) => {
      const rows = await trx.selectFrom('toy_sums').select(['category', 'amount']).where('space', '=', `family:${A}`).execute();
      return rows.map(({ category, amount }) => ({ category, amount: Number(amount) }));
    });

  it('answers rows, position and version of one moment', async () => {
    rig.start();
    const events = await toyLog().put(A, ONE, 'food', 5).put(A, ONE, 'food', 6).to(rig.store);
    await rig.caughtUp();
    expect(await sums()).toMatchObject({ data: [{ category: 'food', amount: 6 }], position: events[1]?.position, v: 2, log: { restores: 0 } });
  });

  it('gives the document an answer is computed from, of the same moment', async () => {
    rig.start();
    await toyLog().put(A, ONE, 'food', 5).put(B, TWO, 'food', 6).to(rig.store);
    await rig.caughtUp();
    const document = async (space: Space, key: string) => {
      const { data } = await models.read({ space }, async (trx) => {
        await toyLog(10).put(A, ONE, 'toys', 9).to(rig.store);
        await rig.caughtUp();
        return readDocument(trx, 'toy', sumsProjection, space, key);
      });
      return data;
    };
    expect(await document(SPACE, A)).toEqual({ items: { [ONE]: { category: 'food', amount: 5 } } });
    expect(await document(SPACE, B)).toBeNull();
    expect(await document({ kind: 'family', id: B }, A)).toBeNull();
  });

  it('shows no commit in its rows that its position does not name', async () => {
    rig.start();
    await toyLog().put(A, ONE, 'food', 1).to(rig.store);
    await rig.caughtUp();
    const before = await models.read({ space: SPACE }, async (trx) => {
      await toyLog(10).put(A, ONE, 'food', 2).to(rig.store);
      await rig.caughtUp();
      return trx.selectFrom('toy_sums').selectAll().execute();
    });
    expect(before).toMatchObject({ data: [{ amount: 1n }], v: 1 });
    expect(await sums({ minPosition: before.position })).toMatchObject({ data: [{ amount: 2 }], v: 2 });
  });

  it('waits for the position it is asked for, also for a projector that has yet to make its tables', async () => {
    const [event] = await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    const answer = sums({ minPosition: event?.position ?? 0n, timeoutMs: LONG });
    rig.start();
    expect(await answer).toMatchObject({ data: [{ amount: 5 }], v: 1 });
    const later = toyLog(10).put(A, ONE, 'food', 6).to(rig.store);
    const [next] = await later;
    expect(await sums({ minPosition: next?.position ?? 0n, timeoutMs: LONG })).toMatchObject({ data: [{ amount: 6 }], v: 2 });
  });

  it('says that the database is away when it cannot even learn how far the read models are', async () => {
    rig.start();
    await rig.caughtUp();
    const nowhere = new Pool({ host: '127.0.0.1', port: 1 });
    const blind = new PositionWatch({ pool: nowhere, group: 'toy', nudges, timers: systemTimers, pollMs: 5 });
    const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: rig.database.pool }) });
    const asking = new ReadModels({ db, group: toyGroup, watch: blind, clock: systemClock, timers: systemTimers });
    await expect(
      asking.read({ space: SPACE, minPosition: 1n << 40n, timeoutMs: 50 }, () => Promise.resolve('never')),
    ).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await blind.close();
    await nowhere.end();
  });

  it('does not take the time it was busy itself for a database that stands still', async () => {
    rig.start();
    await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    const { data } = await models.read({ space: SPACE }, async (trx) => {
      const rows = await trx.selectFrom('toy_sums').select('category').execute();
      for (const until = systemClock.monotonic() + 1_200; systemClock.monotonic() < until; );
      return rows.length;
    });
    expect(data).toBe(1);
  });

  it('says that it is behind, and when to ask again, once the time is over', async () => {
    const engine = rig.start();
    const [event] = await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    await engine.stop();
    await expect(sums({ minPosition: (event?.position ?? 0n) + 1n, timeoutMs: 20 })).rejects.toMatchObject({
      code: 'PROJECTION_BEHIND',
      data: { retryAfterSeconds: 1 },
    });
  });

  it('answers for a parked space as of before the event it stands at, and says so', async () => {
    rig.start();
    const [first, poison, later] = await toyLog()
      .put(A, ONE, 'food', 5)
      .put(A, TWO, 'food', 6, 'poison')
      .put(A, ONE, 'food', 7)
      .to(rig.store);
    await rig.caughtUp();
    expect(await sums({ minPosition: first?.position ?? 0n })).toMatchObject({
      data: [{ amount: 5 }],
      v: 1,
      position: (poison?.position ?? 0n) - 1n,
      stale: { since: '2026-04-01T10:00:02.000Z', reason: 'parked' },
    });
    await expect(sums({ minPosition: later?.position ?? 0n, timeoutMs: LONG })).rejects.toMatchObject({ code: 'PROJECTION_PARKED' });
    expect(await watch.wait(SPACE, later?.position ?? 0n, LONG)).toBe('parked');
    expect(await watch.wait({ kind: 'family', id: B }, later?.position ?? 0n, LONG)).toBe('reached');
  });

  it('waits for all buckets when the question is about more than one space', async () => {
    rig.start();
    const [event] = await toyLog().put(A, ONE, 'food', 5).put(B, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    const answer = await models.read({ space: null, minPosition: event?.position ?? 0n, timeoutMs: LONG }, async (trx) =>
      trx.selectFrom('toy_sums').select('category').execute(),
    );
    expect(answer.data).toHaveLength(2);
    expect(answer.v).toBeNull();
  });

  it('is woken by nudges of another process, and finds out by itself when they are lost', async () => {
    const log = new CapturedLog();
    const slow = new PositionWatch({ pool: rig.database.pool, group: 'toy', nudges, timers: systemTimers, pollMs: LONG });
    const connection = { connectionString: rig.database.url };
    const receiver = new NudgeReceiver({ connection, nudges, timers: systemTimers, random: systemRandom, log });
    await new Promise<void>((resolve) => nudges.subscribe((nudge) => nudge === 'lost' && resolve()));
    const sender = new NudgeSender(rig.database.pool, 'toy', log);
    rig.start({ onCommit: (commit) => sender.send(commit) });
    const [first] = await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    expect(await slow.wait(SPACE, first?.position ?? 0n, LONG)).toBe('reached');
    await sender.settled();
    const waited = slow.wait(SPACE, (first?.position ?? 0n) + 1n, LONG);
    await toyLog(10).put(A, ONE, 'food', 6).to(rig.store);
    expect(await waited).toBe('reached');
    await sender.settled();
    await receiver.close();
    const [third] = await toyLog(20).put(A, ONE, 'food', 7).to(rig.store);
    expect(await watch.wait(SPACE, third?.position ?? 0n, LONG)).toBe('reached');
    await sender.settled();
    await slow.close();
    expect(log.lines).toEqual([]);
  });
});
