import fc from 'fast-check';
import { Kysely, PostgresDialect } from 'kysely';
import { systemClock, systemTimers } from '@daybook/platform';
import { EngineRig } from '../../../../test/support/projections/engine-rig.js';
import { shelvesGroup } from '../../../../test/support/projections/many-keys.js';
import { toyLog } from '../../../../test/support/projections/toy-log.js';
import {
  foldHistory,
  foldInMemory,
  historyOf,
  Nudges,
  parseSpaceKey,
  positionAsAt,
  PositionWatch,
  ReadModels,
  spaceKey,
  type ReadTransaction,
  type Space,
} from '../index.js';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const SPACE: Space = { kind: 'family', id: A };
const ITEMS = ['1', '2', '3'].map((last) => `10000000-0000-4000-8000-00000000000${last}`);
const [ONE = '', TWO = ''] = ITEMS;
const HISTORIES = Number(process.env['HISTORIES'] ?? 15);

describe('the history of a space', () => {
  let rig: EngineRig;
  let watch: PositionWatch;
  let models: ReadModels<unknown>;

  beforeEach(async () => {
    rig = await EngineRig.open();
    watch = new PositionWatch({ pool: rig.database.pool, group: 'toy', nudges: new Nudges(), timers: systemTimers, pollMs: 5 });
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: rig.database.pool }) });
    models = new ReadModels({ db, group: shelvesGroup, watch, clock: systemClock, timers: systemTimers });
    rig.start({ group: shelvesGroup });
  });
  afterEach(async () => {
    await watch.close();
    await rig.close();
  });

  async function inRead<Data>(work: (trx: ReadTransaction, bound: bigint) => Promise<Data>): Promise<Data> {
    const { data } = await models.read({ space: SPACE }, (trx, { position }) => work(trx, position));
    return data;
  }

  it('has its events in the order of the log, in their current version, up to a position and no other space\'s', async () => {
    const [old, , , last] = await toyLog().putV1(A, ONE, 'food', 5).put(B, ONE, 'food', 6).noted(A).removed(A, ONE).to(rig.store);
    await rig.caughtUp();
    const events = await inRead((trx) => historyOf(trx, shelvesGroup, SPACE));
    expect(events.map(({ type, seq }) => [type, seq])).toEqual([['ItemPut', 1], ['Noted', 3], ['ItemRemoved', 4]]);
    expect(events[0]).toMatchObject({ data: { note: null }, id: old?.id, actor: 'user-1', commandId: 'command-1' });
    const upTo = (last?.position ?? 0n) - 1n;
    expect(await inRead((trx) => historyOf(trx, shelvesGroup, SPACE, { upTo }))).toEqual(events.slice(0, 2));
  });

  it('knows the last position at an instant, over all spaces, and never one its reader has not reached', async () => {
    const [first, second, third] = await toyLog()
      .at('2026-04-01T10:00:00.000Z').put(A, ONE, 'food', 5)
      .at('2026-04-01T11:00:00.000Z').put(B, ONE, 'food', 5)
      .at('2026-04-01T09:00:00.000Z').put(A, TWO, 'food', 5)
      .to(rig.store);
    await rig.caughtUp();
    const at = async (instant: string, bound?: bigint) =>
      inRead((trx, position) => positionAsAt(trx, shelvesGroup, { instantMs: Date.parse(instant) }, bound ?? position));
    expect(await at('2026-04-01T09:59:59.999Z')).toBe(-1n);
    expect(await at('2026-04-01T10:00:00.000Z')).toBe(first?.position);
    expect(await at('2026-04-01T11:00:00.000Z')).toBe(third?.position);
    expect(await at('2099-01-01T00:00:00.000Z')).toBe(third?.position);
    expect(await at('2099-01-01T00:00:00.000Z', second?.position)).toBe(second?.position);
  });

  it('takes a position as it is, unless its reader has not reached it', async () => {
    const [first] = await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    const at = async (position: bigint) => inRead((trx, bound) => positionAsAt(trx, shelvesGroup, { position }, bound));
    expect(await at(7n)).toBe(7n);
    expect(await at(1n << 40n)).toBe(first?.position);
  });

  it('ends, for a parked space, before the event it stands at', async () => {
    const [first] = await toyLog().put(A, ONE, 'food', 5).put(A, TWO, 'food', 6, 'poison').to(rig.store);
    await rig.caughtUp();
    const events = await inRead((trx, upTo) => historyOf(trx, shelvesGroup, SPACE, { upTo }));
    expect(events.map(({ id }) => id)).toEqual([first?.id]);
  });

  it('does not read past an event that nobody can read', async () => {
    const unreadable = { ...shelvesGroup, upcast: () => { throw new Error('too old'); } };
    await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    await expect(inRead((trx) => historyOf(trx, unreadable, SPACE))).rejects.toThrow(/too old/);
  });

  const step = fc.record({
    space: fc.constantFrom(A, B),
    item: fc.constantFrom(...ITEMS),
    kind: fc.constantFrom('put', 'put', 'put', 'removed', 'emptied', 'noted'),
    category: fc.constantFrom('food', 'rent', 'toys'),
    note: fc.constantFrom(null, 'window', 'food'),
    amount: fc.integer({ min: -50, max: 50 }),
  });

  it('folded to any position is what a fold in memory of the events up to it is, and folded whole is what is live', async () => {
    let first = 1;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(), async (steps, cut) => {
        const log = toyLog(first);
        first += steps.length;
        for (const { space, item, kind, category, note, amount } of steps) {
          if (kind === 'put') log.put(space, item, category, amount, note);
          else if (kind === 'removed') log.removed(space, item);
          else if (kind === 'emptied') log.emptied(space);
          else log.noted(space);
        }
        await log.to(rig.store);
        await rig.caughtUp();
        const all = rig.store.contents().filter(({ stream }) => stream.startsWith('toy-'));
        const prefix = all.slice(0, 1 + (cut % all.length));
        const upTo = prefix.at(-1)?.position ?? -1n;
        expect(await inRead((trx) => asOf(trx, upTo))).toEqual(inMemory(prefix));
        expect(await inRead((trx) => asOf(trx, all.at(-1)?.position ?? -1n))).toEqual(await live());
      }),
      { numRuns: HISTORIES },
    );
  }, 10_000 + HISTORIES * 2_000);

  /** Documents and rows of both spaces, as their histories say. */
  async function asOf(trx: ReadTransaction, upTo: bigint): Promise<unknown> {
    const documents: unknown[] = [];
    const rows: unknown[] = [];
    for (const id of [A, B]) {
      const space: Space = { kind: 'family', id };
      const events = await historyOf(trx, shelvesGroup, space, { upTo });
      const folded = foldHistory(shelvesGroup.projections, events);
      for (const projection of shelvesGroup.projections) {
        for (const key of [A, B, ...ITEMS, 'food', 'rent', 'toys', 'window']) {
          const document = folded.document(projection, key);
          if (document !== null) documents.push([projection.name, spaceKey(space), key, document]);
        }
        rows.push(...folded.rows(projection).map((row) => [projection.name, spaceKey(space), row]));
      }
    }
    return sorted({ documents, rows });
  }

  function inMemory(events: Parameters<typeof foldInMemory>[1]): unknown {
    const folded = foldInMemory(shelvesGroup, events);
    const documents = [...folded.documents.values()].filter(({ document }) => document !== null);
    const rows = [...folded.rows].flatMap(([{ name }, stored]) => [...stored.values()].map(({ space, row }) => [name, space, row]));
    return sorted({
      documents: documents.map(({ name, ...one }) => documentOf({ ...one, projection: name, document: one.text ?? '' })),
      rows: rows.filter(([, , row]) => row !== null),
    });
  }

  async function live(): Promise<unknown> {
    const { rows: documents } = await rig.database.pool.query<StoredDocument>('select * from projection_documents');
    const rows: unknown[] = [];
    for (const { name, table } of shelvesGroup.projections) {
      const columns = Object.keys(table.columns).map((column) => `'${column}', to_jsonb("${column}")`);
      const { rows: stored } = await rig.database.pool.query<{ space: string; row: Record<string, unknown> }>(
        `select space, json_build_object(${columns.join(', ')}) as row from ${table.name}`,
      );
      rows.push(...stored.map(({ space, row }) => [name, space, withInstants(row)]));
    }
    return sorted({ documents: documents.map(documentOf), rows });
  }
});

interface StoredDocument {
  readonly projection: string;
  readonly space: string;
  readonly key: string;
  readonly document: string;
}

function documentOf({ projection, space, key, document }: StoredDocument): unknown {
  return [projection.replace(/_v\d+$/, ''), spaceKey(parseSpaceKey(space)), key, JSON.parse(document) as unknown];
}

function withInstants(row: Record<string, unknown>): Record<string, unknown> {
  return typeof row['at'] === 'string' ? { ...row, at: new Date(row['at']).toISOString() } : row;
}

function sorted(state: { documents: unknown[]; rows: unknown[] }): unknown {
  const byText = (list: unknown[]) => list.map((one) => [JSON.stringify(one), one] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return { documents: byText(state.documents).map(([, one]) => one), rows: byText(state.rows).map(([, one]) => one) };
}
