import { projectionMigrations, type GroupView, type ProjectionGroup } from '@daybook/projections';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { toyGroup } from '../../../../test/support/projections/toy-group.js';
import { forgetGroup, prepareGroup } from './group-tables.js';

const DOUBLED: GroupView = {
  kind: 'function',
  name: 'toy_doubled',
  sql: '(in_amount bigint) returns bigint language sql immutable as $$ select 2 * in_amount $$',
};
const TOTALS: GroupView = {
  kind: 'view',
  name: 'toy_totals',
  sql: 'select space, toy_doubled(sum(amount)::bigint) as doubled from toy_sums group by space',
};
const BIG_TOTALS: GroupView = { kind: 'view', name: 'toy_big_totals', sql: 'select * from toy_totals where doubled > 10' };

const withViews = (...views: GroupView[]): ProjectionGroup => ({ ...toyGroup, views });

describe('views of a group', () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase(projectionMigrations);
  });
  afterEach(async () => database.drop());

  const ask = async (sql: string): Promise<unknown[]> => (await database.pool.query<Record<string, unknown>>(sql)).rows;
  const doubled = async (): Promise<unknown> => ask('select doubled from toy_totals');

  it('stand on its tables and on one another, and see with the eyes of whoever asks', async () => {
    await prepareGroup(database.pool, withViews(DOUBLED, TOTALS, BIG_TOTALS));
    await database.pool.query(`insert into toy_sums_v1 values ('family:a', 'food', 5, 0), ('family:a', 'toys', 1, 0)`);
    expect(await ask('select doubled::text from toy_big_totals')).toEqual([{ doubled: '12' }]);
    const options = await ask(`select relname, reloptions from pg_class where relname in ('toy_totals', 'toy_big_totals')`);
    expect(options).toHaveLength(2);
    for (const one of options) expect(one).toMatchObject({ reloptions: ['security_invoker=true'] });
  });

  it('are made for a group that had none, again when one of them has changed, and not when none has', async () => {
    await prepareGroup(database.pool, toyGroup);
    await prepareGroup(database.pool, withViews(DOUBLED, TOTALS, BIG_TOTALS));
    const ids = async () => ask(`select oid::text from pg_class where relname like 'toy%totals' order by relname`);
    const first = await ids();
    await prepareGroup(database.pool, withViews(DOUBLED, TOTALS, BIG_TOTALS));
    expect(await ids()).toEqual(first);
    const changed = { ...TOTALS, sql: 'select space, 7::bigint as doubled, 1 as more from toy_sums' };
    await database.pool.query(`insert into toy_sums_v1 values ('family:a', 'food', 5, 0)`);
    await prepareGroup(database.pool, withViews(DOUBLED, changed));
    expect(await doubled()).toMatchObject([{ doubled: 7n }]);
    expect(await ask(`select to_regclass('toy_big_totals')::text as found`)).toEqual([{ found: null }]);
  });

  it('go with the group, also when the program no longer has them', async () => {
    await prepareGroup(database.pool, withViews(DOUBLED, TOTALS, BIG_TOTALS));
    await forgetGroup(database.pool, toyGroup);
    const left = `select count(*)::int as left from pg_class where relname like 'toy%'`;
    expect(await ask(left)).toEqual([{ left: 0 }]);
    expect(await ask(`select count(*)::int as left from pg_proc where proname = 'toy_doubled'`)).toEqual([{ left: 0 }]);
    await prepareGroup(database.pool, withViews(DOUBLED, TOTALS));
    expect(await doubled()).toEqual([]);
  });

  it.each([
    ['is not a name', { ...TOTALS, name: 'toy totals' }],
    ['is the name of a table', { ...TOTALS, name: 'toy_sums' }],
  ])('are refused when theirs %s', async (_, view) => {
    await expect(prepareGroup(database.pool, withViews(view))).rejects.toThrow(TypeError);
  });
});
