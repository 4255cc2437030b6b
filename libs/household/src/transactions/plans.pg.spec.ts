import { parseCivilDate } from '@daybook/kernel';
import { spaceKey } from '@daybook/projections';
import { Kysely, PostgresDialect, type Compilable } from 'kysely';
import { familyCreated, HOME } from '../../../../test/support/budget-events.js';
import { HouseholdRig } from '../../../../test/support/household-rig.js';
import { familyStream } from '../family/family-stream.js';
import { clientIdStatement, dayStatement, listStatement, type ListFilter, type PageRequest, type TransactionsTables } from './rows.js';

const FAMILIES = 20;
const ENTRIES_OF_HOME = 4_000;
const garden = '5e6f7a8b-1c2d-4e3f-9a0b-1c2d3e4f5a6b';
const firstPage: PageRequest = { limit: 50, order: 'desc', after: null };

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** How Postgres would answer, over a table with as many rows as a few families have in years. */
describe('lists of transactions', () => {
  let rig: HouseholdRig;
  let db: Kysely<TransactionsTables>;
  beforeAll(async () => {
    rig = await HouseholdRig.open();
    // The engine makes the tables when it starts; an answer says that it has.
    const minPosition = await rig.given(familyStream(HOME), ...familyCreated());
    await rig.readModels().read({ space: null, minPosition, timeoutMs: 10_000 }, () => Promise.resolve(null));
    db = new Kysely<TransactionsTables>({ dialect: new PostgresDialect({ pool: rig.database.pool }) });
    for (let family = 0; family < FAMILIES; family += 1) {
      const id = family === 0 ? HOME : HOME.replace(/..$/, String(10 + family));
      await rig.database.pool.query(FILL, [spaceKey({ kind: 'family', id }), id, family === 0 ? ENTRIES_OF_HOME : 500, garden]);
    }
    await rig.database.pool.query('analyze transactions_v1');
  });
  afterAll(() => rig.close());

  async function planOf(statement: Compilable): Promise<readonly string[]> {
    const { sql, parameters } = statement.compile();
    const { rows } = await rig.database.pool.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
      `explain (format json) ${sql}`,
      [...parameters],
    );
    return rows.flatMap((row) => row['QUERY PLAN']).flatMap(({ Plan }) => stepsOf(Plan));
  }

  const page = (filter: Partial<ListFilter>, request: PageRequest = firstPage) =>
    planOf(listStatement(db, HOME, { status: 'live', ...filter }, request));
  const byIndex = (columns: string): string => `transactions_v1_space_${columns}_idx`;

  it.each<[string, Partial<ListFilter>, string]>([
    ['all of them', {}, 'date_transaction_id'],
    ['a span of days', { startDate: parseCivilDate('2026-04-01'), endDate: parseCivilDate('2026-04-30') }, 'date_transaction_id'],
    ['a kind', { category: 'savings' }, 'kind_date_transaction_id'],
    ['a category', { category: garden }, 'category_id_date_transaction_id'],
    ['a type', { type: 'refund' }, 'type_date_transaction_id'],
  ])('by %s read one index in its order, and sort nothing', async (_, filter, columns) => {
    expect(await page(filter)).toEqual(['Limit', `Index Scan ${byIndex(columns)}`]);
  });

  it('go on in the middle at the same price, in both directions', async () => {
    const after = ['2026-05-05', '019d4657-0000-81aa-9985-39a2fb218cfe'] as const;
    for (const order of ['asc', 'desc'] as const) {
      expect(await page({}, { ...firstPage, order, after })).toEqual(['Limit', `Index Scan ${byIndex('date_transaction_id')}`]);
    }
  });

  it('of a day read that day, and a clientId is found by its own index', async () => {
    const day = await planOf(dayStatement(db, HOME, parseCivilDate('2026-04-10'), firstPage));
    expect(day.filter((step) => step.includes('Scan')).join()).toContain(byIndex('date_transaction_id'));
    const found = await planOf(clientIdStatement(db, HOME, 'client-77'));
    expect(found.join()).toContain(byIndex('client_id'));
  });
});

function stepsOf(node: PlanNode): string[] {
  const name = node['Index Name'] === undefined ? node['Node Type'] : `${node['Node Type']} ${node['Index Name']}`;
  return [name, ...(node.Plans ?? []).flatMap(stepsOf)];
}

/** Three years of entries: mostly variable expenses, every tenth something else. */
const FILL = `
  insert into transactions_v1 (
    space, family_id, transaction_id, version, status, type, date, amount, currency, kind, category_id, timing, paid_by,
    client_id, recorded_by, recorded_at, position)
  select $1, $2::uuid, gen_random_uuid(), 1, 'live', case when i % 10 = 0 then 'refund' else 'expense' end,
         date '2026-01-01' + (i * 7919) % 1000, i, 'EUR', case when i % 10 = 1 then 'savings' else 'variable' end,
         case when i % 10 = 2 then $4::uuid else gen_random_uuid() end, 'posted', 'ada', 'client-' || i, 'ada', now(), 0
    from generate_series(1, $3::int) i`;
