import fc from 'fast-check';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { databaseOf, withDatabase } from '../postgres/ensure-database.js';
import { openOps, opsDatabaseUrl, type Ops } from './ops.js';
import type { RateLimit } from './rate-limits.js';

let database: TestDatabase;
let ops: Ops;

beforeAll(async () => {
  database = await createTestDatabase();
  ops = await openOps({ url: database.url });
});
afterAll(async () => {
  await ops.close();
  await database.drop();
});

const sql = (text: string, values: unknown[] = []) => database.pool.query(text, values);

describe('takeToken', () => {
  const clock = (microseconds: number) =>
    sql(`create or replace function clock_us() returns bigint language sql volatile return ${microseconds}::bigint`);
  const realClock = () =>
    sql(`create or replace function clock_us() returns bigint language sql volatile
         return (extract(epoch from clock_timestamp()) * 1000000)::bigint`);

  afterEach(realClock);

  it('gives the burst at once, then one token in its time, and says how long to wait', async () => {
    const limit = { burst: 3, perSecond: 2 };
    await clock(1_000_000);
    const take = () => ops.takeToken('lena', limit);
    expect(await take()).toEqual({ allowed: true, remaining: 2, retryAfterMilliseconds: 0 });
    expect(await take()).toEqual({ allowed: true, remaining: 1, retryAfterMilliseconds: 0 });
    expect(await take()).toEqual({ allowed: true, remaining: 0, retryAfterMilliseconds: 0 });
    expect(await take()).toEqual({ allowed: false, remaining: 0, retryAfterMilliseconds: 500 });
    await clock(1_499_999);
    expect(await take()).toEqual({ allowed: false, remaining: 0, retryAfterMilliseconds: 1 });
    await clock(1_500_000);
    expect(await take()).toEqual({ allowed: true, remaining: 0, retryAfterMilliseconds: 0 });
    expect((await take()).allowed).toBe(false);
  });

  it('keeps a bucket for each key', async () => {
    const limit = { burst: 1, perSecond: 0.001 };
    expect((await ops.takeToken('a', limit)).allowed).toBe(true);
    expect((await ops.takeToken('b', limit)).allowed).toBe(true);
    expect((await ops.takeToken('a', limit)).allowed).toBe(false);
  });

  it('never gives more in any stretch of time than burst and rate allow, also when the clock goes back', async () => {
    const steps = fc.array(fc.integer({ min: -300, max: 700 }), { minLength: 1, maxLength: 25 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 20 }), steps, async (burst, perSecond, moves) => {
        const key = `property-${(run += 1)}`;
        const tokenMilliseconds = 1_000 / perSecond;
        const granted: number[] = [];
        let now = 1_000_000;
        // The clock as far as this bucket has seen it: time, for a bucket, never goes back.
        let latest = -Infinity;
        for (const move of moves) {
          now += move;
          latest = Math.max(latest, now);
          await clock(now * 1_000);
          if ((await ops.takeToken(key, { burst, perSecond })).allowed) granted.push(latest);
        }
        granted.forEach((from, first) =>
          granted.slice(first).forEach((to, more) => {
            expect(more + 1).toBeLessThanOrEqual(burst + (to - from) / tokenMilliseconds + 1e-6);
          }),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('is one limit for many processes, before and after a restart', async () => {
    const limit: RateLimit = { burst: 5, perSecond: 0.001 };
    const race = async () => {
      const nodes = await Promise.all(Array.from({ length: 4 }, () => openOps({ url: database.url })));
      const answers = await Promise.all(nodes.flatMap((node) => Array.from({ length: 10 }, () => node.takeToken('race', limit))));
      await Promise.all(nodes.map((node) => node.close()));
      return answers.filter(({ allowed }) => allowed).length;
    };
    expect([await race(), await race()]).toEqual([5, 0]);
  });

  it('refuses a limit that is none', async () => {
    for (const limit of [{ burst: 0, perSecond: 1 }, { burst: 1.5, perSecond: 1 }, { burst: 1, perSecond: 0 }, { burst: 1, perSecond: NaN }]) {
      await expect(ops.takeToken('x', limit)).rejects.toBeInstanceOf(RangeError);
    }
  });

  it('writes nothing when it refuses, and drops buckets that are full again', async () => {
    await sql('truncate rate_limits');
    await clock(1_000_000);
    await ops.takeToken('slow', { burst: 1, perSecond: 0.5 });
    const before = await sql('select xmin::text, * from rate_limits');
    await ops.takeToken('slow', { burst: 1, perSecond: 0.5 });
    expect((await sql('select xmin::text, * from rate_limits')).rows).toEqual(before.rows);
    await clock(2_999_999);
    await ops.prune();
    expect((await sql('select from rate_limits')).rowCount).toBe(1);
    await clock(3_000_000);
    await ops.prune();
    expect((await sql('select from rate_limits')).rowCount).toBe(0);
  });
});

describe('remembered answers', () => {
  const expire = (commandId: string) => sql(`update remembered_answers set expires_at = now() where command_id = $1`, [commandId]);

  it('are recalled with the hash of their command', async () => {
    await ops.rememberAnswer('one', { commandHash: 'h1', answer: { familyId: 'f', list: [1, null] } });
    expect(await ops.recallAnswer('one')).toEqual({ commandHash: 'h1', answer: { familyId: 'f', list: [1, null] } });
    expect(await ops.recallAnswer('another')).toBeUndefined();
  });

  it('stay the first ones for a day, and are gone after it', async () => {
    await ops.rememberAnswer('two', { commandHash: 'h1', answer: 'first' });
    await ops.rememberAnswer('two', { commandHash: 'h2', answer: 'second' });
    expect(await ops.recallAnswer('two')).toEqual({ commandHash: 'h1', answer: 'first' });
    const { rows } = await sql(`select round(extract(epoch from expires_at - now()) / 3600)::int as hours from remembered_answers where command_id = 'two'`);
    expect(rows).toEqual([{ hours: 24 }]);
    await expire('two');
    expect(await ops.recallAnswer('two')).toBeUndefined();
    await ops.rememberAnswer('two', { commandHash: 'h3', answer: 'third' });
    expect(await ops.recallAnswer('two')).toEqual({ commandHash: 'h3', answer: 'third' });
    await expire('two');
    await ops.prune();
    expect((await sql(`select from remembered_answers where command_id = 'two'`)).rowCount).toBe(0);
  });
});

describe('the error log', () => {
  it('keeps one row a sentence, with how often, since when and the last facts', async () => {
    await ops.recordError({ component: 'projector', message: 'a fold threw', facts: { family: 'f1' } });
    await ops.recordError({ component: 'projector', message: 'a fold threw', traceId: 't2', facts: { family: 'f2' } });
    await ops.recordError({ component: 'api', message: 'a fold threw' });
    const errors = await ops.recentErrors(10);
    expect(errors).toHaveLength(2);
    expect(errors).toContainEqual({
      component: 'projector', message: 'a fold threw', count: 2, firstAt: expect.any(Date), lastAt: expect.any(Date),
      lastTraceId: 't2', lastFacts: { family: 'f2' },
    });
    expect(await ops.recentErrors(1)).toHaveLength(1);
  });

  it('drops what has not come back for a season', async () => {
    await sql(`update errors set last_at = now() - interval '91 days' where component = 'api'`);
    await ops.prune();
    expect((await ops.recentErrors(10)).map(({ component }) => component)).toEqual(['projector']);
  });
});

describe('opsDatabaseUrl', () => {
  it('is what OPS_DATABASE_URL says', async () => {
    expect(await opsDatabaseUrl(database.url, 'postgres://elsewhere/ops')).toBe('postgres://elsewhere/ops');
  });

  it('is a database beside the read models, made by whoever comes first', async () => {
    const expected = withDatabase(database.url, `${database.name}_ops`);
    expect(await Promise.all([1, 2, 3].map(() => opsDatabaseUrl(database.url, undefined)))).toEqual([expected, expected, expected]);
    const made = await openOps({ url: expected });
    await made.recordError({ component: 'test', message: 'made' });
    await made.close();
    expect(databaseOf(await opsDatabaseUrl(database.url, undefined))).toBe(`${database.name}_ops`);
    await sql(`drop database ${database.name}_ops with (force)`);
  });

  it('says which server cannot be reached', async () => {
    await expect(opsDatabaseUrl('postgres://u:hunter2@127.0.0.1:1/daybook', undefined)).rejects.toMatchObject({
      name: 'StartError',
      message: 'The database daybook_ops on 127.0.0.1:1 (for the start) cannot be used: connect ECONNREFUSED 127.0.0.1:1',
    });
  });

  it('says what to do where the role may not make one', async () => {
    const role = `${database.name}_poor`;
    await sql(`create role ${role} login password 'p'`);
    const url = new URL(database.url);
    url.username = role;
    url.password = 'p';
    await expect(opsDatabaseUrl(url.href, undefined)).rejects.toMatchObject({
      name: 'StartError',
      message: `The database ${database.name}_ops does not exist and the role ${role} may not make it.`,
      hint: expect.stringContaining('OPS_DATABASE_URL'),
    });
    await sql(`drop role ${role}`);
  });
});

describe('openOps', () => {
  it('refuses a database of a newer version without leaving a connection', async () => {
    const newer = await createTestDatabase();
    await (await openOps({ url: newer.url })).close();
    await newer.pool.query(`insert into daybook_migrations (schema, name, checksum) values ('ops', '9999-future', '')`);
    await expect(openOps({ url: newer.url })).rejects.toThrow(/changed by a newer version of Daybook \(ops: 9999-future\)/);
    await newer.drop();
  });

  it('tells when the server goes away, and comes back with it', async () => {
    let tell: (error: Error) => void = () => undefined;
    const told = new Promise<Error>((resolve) => (tell = resolve));
    const other = await openOps({ url: database.url, onConnectionLost: (error) => tell(error) });
    await other.recentErrors(1);
    await sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'daybook ops' and datname = current_database()`);
    expect(await told).toBeInstanceOf(Error);
    expect(await other.recentErrors(1)).toBeDefined();
    await other.close();
  });
});
