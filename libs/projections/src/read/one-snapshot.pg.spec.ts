import { Kysely, PostgresDialect, type Generated } from 'kysely';
import { Pool } from 'pg';
import { systemClock, systemTimers } from '@daybook/platform';
import { EngineRig } from '../../../../test/support/projections/engine-rig.js';
import { toyGroup } from '../../../../test/support/projections/toy-group.js';
import { toyLog } from '../../../../test/support/projections/toy-log.js';
import { Nudges, PositionWatch, ReadModels, type Space } from '../index.js';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const ONE = '10000000-0000-4000-8000-000000000001';
const LONG = 10_000;

interface Schema {
  readonly toy_sums: { readonly space: string; readonly category: string; readonly amount: Generated<bigint> };
}

describe('many questions in one snapshot', () => {
  let rig: EngineRig;
  let watch: PositionWatch;
  /** Each façade has one of its own. */
  let batch: ReadModels<unknown>;
  let models: ReadModels<Schema>;

  beforeEach(async () => {
    rig = await EngineRig.open();
    watch = new PositionWatch({ pool: rig.database.pool, group: 'toy', nudges: new Nudges(), timers: systemTimers, pollMs: 5 });
    const dialect = new PostgresDialect({ pool: rig.database.pool });
    const options = { group: toyGroup, watch, clock: systemClock, timers: systemTimers };
    batch = new ReadModels({ db: new Kysely<unknown>({ dialect }), ...options });
    models = new ReadModels({ db: new Kysely<Schema>({ dialect }), ...options });
    rig.start();
  });
  afterEach(async () => {
    await watch.close();
    await rig.close();
  });

  const amountIn = async (id: string, request: { minPosition?: bigint } = {}) => {
    const space: Space = { kind: 'family', id };
    return models.read({ space, ...request }, async (trx) => {
      const row = await trx.selectFrom('toy_sums').select('amount').where('space', '=', `family:${id}`).executeTakeFirst();
      return row === undefined ? null : Number(row.amount);
    });
  };

  it('does not show a commit that happens between two of them, to any', async () => {
    await toyLog().put(A, ONE, 'food', 1).put(B, ONE, 'food', 1).to(rig.store);
    await rig.caughtUp();
    const answers = await batch.inOneSnapshot({}, async () => {
      const first = await amountIn(A);
      await toyLog(10).put(A, ONE, 'food', 2).put(B, ONE, 'food', 2).to(rig.store);
      await rig.caughtUp();
      return [first, ...(await Promise.all([amountIn(A), amountIn(B), models.read({ space: null }, async () => Promise.resolve(1))]))];
    });
    expect(answers.map(({ data }) => data)).toEqual([1, 1, 1, 1]);
    expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
    expect(answers.map(({ v }) => v)).toEqual([1, 1, 1, null]);
    expect((await amountIn(A)).data).toBe(2);
  });

  it('waits once, for all of them, until the read models are there', async () => {
    const [event] = await toyLog().put(A, ONE, 'food', 1).to(rig.store);
    const minPosition = event?.position ?? 0n;
    const { data } = await batch.inOneSnapshot({ minPosition, timeoutMs: LONG }, async () => amountIn(A));
    expect(data).toBe(1);
    const beyond = minPosition + 1n;
    const never = batch.inOneSnapshot({ minPosition: beyond, timeoutMs: 20 }, () => Promise.resolve('never'));
    await expect(never).rejects.toMatchObject({ code: 'PROJECTION_BEHIND' });
    const asksForMore = batch.inOneSnapshot({ minPosition }, async () => amountIn(A, { minPosition: beyond }));
    await expect(asksForMore).rejects.toMatchObject({ code: 'PROJECTION_BEHIND' });
  });

  it('says of a parked space that it stands still, and answers for the others', async () => {
    const [first, poison] = await toyLog().put(A, ONE, 'food', 1).put(A, ONE, 'food', 2, 'poison').put(B, ONE, 'food', 3).to(rig.store);
    await rig.caughtUp();
    const both = async () => Promise.all([amountIn(A), amountIn(B)]);
    const [parked, other] = await batch.inOneSnapshot({ minPosition: first?.position ?? 0n }, both);
    expect(parked).toMatchObject({ data: 1, position: (poison?.position ?? 0n) - 1n, stale: { reason: 'parked' } });
    expect(other).toMatchObject({ data: 3 });
    expect(other.stale).toBeUndefined();
    const newer = batch.inOneSnapshot({ minPosition: poison?.position ?? 0n }, async () => amountIn(A));
    await expect(newer).rejects.toMatchObject({ code: 'PROJECTION_PARKED' });
  });

  it('lets one fail without the others, and gives its connection back', async () => {
    await toyLog().put(A, ONE, 'food', 1).to(rig.store);
    await rig.caughtUp();
    const refused = models.read.bind(models, { space: null }, () => Promise.reject(new Error('not for you')));
    for (let times = 0; times < 20; times += 1) {
      const outcomes = await batch.inOneSnapshot({}, async () => Promise.allSettled([refused(), amountIn(A)]));
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
      await expect(batch.inOneSnapshot({}, refused)).rejects.toThrow('not for you');
    }
    expect(rig.database.pool.waitingCount).toBe(0);
  });

  it('gives back a connection that it got too late', async () => {
    await toyLog().put(A, ONE, 'food', 1).to(rig.store);
    await rig.caughtUp();
    const pool = new Pool({ connectionString: rig.database.url, max: 1 });
    const held = await pool.connect();
    const hurried = { ...systemTimers, after: (ms: number, run: () => void) => systemTimers.after(Math.min(ms, 10), run) };
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    const late = new ReadModels({ db, group: toyGroup, watch, clock: systemClock, timers: hurried });
    const never = late.inOneSnapshot({}, () => Promise.resolve('never'));
    await expect(never).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    held.release();
    const { rows } = await pool.query<{ one: number }>('select 1 as one');
    expect(rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});
