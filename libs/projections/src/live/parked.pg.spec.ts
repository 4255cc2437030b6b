import type { RecordedEvent } from '@daybook/eventsourcing';
import { EngineRig } from '../../../../test/support/projections/engine-rig.js';
import { foldedState, storedState, type GroupState } from '../../../../test/support/projections/stored-state.js';
import { mendedToyGroup, toyGroup } from '../../../../test/support/projections/toy-group.js';
import { toyLog } from '../../../../test/support/projections/toy-log.js';
import { foldInMemory, requestRetry, type Projection, type ProjectionGroup, type Space } from '../index.js';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const SPACE: Space = { kind: 'family', id: A };
const [ONE, TWO] = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002'];

describe('a poison event', () => {
  let rig: EngineRig;

  beforeEach(async () => {
    rig = await EngineRig.open();
  });
  afterEach(async () => rig.close());

  const toyEvents = (): readonly RecordedEvent[] => rig.store.contents().filter(({ stream }) => stream.startsWith('toy-'));
  const stored = async (): Promise<GroupState> => storedState(rig.database.pool, toyGroup);
  const folded = (group: ProjectionGroup): GroupState => foldedState(foldInMemory(group, toyEvents()), group);

  const poisoned = async (): Promise<void> => {
    await toyLog().put(A, ONE, 'food', 5).put(A, TWO, 'food', 6, 'poison').put(A, ONE, 'toys', 7).to(rig.store);
    await toyLog(10).put(B, ONE, 'food', 8).noted(A).removed(A, ONE).to(rig.store);
  };

  it('parks its space alone, with the reason, and its audit log goes on', async () => {
    const engine = rig.start();
    await poisoned();
    await rig.caughtUp();
    expect(await stored()).toEqual(folded(toyGroup));
    expect(engine.status()).toMatchObject({ state: 'live', parked: 1 });
    const { parked, audit } = await stored();
    expect(parked).toMatchObject([{ space: `family:${A}`, projection: 'toy_items', reason: 'this note is not for folding' }]);
    expect(audit).toHaveLength(6);
  });

  it('is folded with all its space has missed once the fold has been put right, as if it had never thrown', async () => {
    const first = rig.start();
    await poisoned();
    await rig.caughtUp();
    await first.stop();
    const engine = rig.start({ group: mendedToyGroup });
    await rig.until(() => engine.status().state === 'live');
    expect(await engine.retryParked(SPACE)).toEqual({ folded: 4, parked: null });
    await toyLog(20).put(A, TWO, 'rent', 9).to(rig.store);
    await rig.caughtUp();
    const [live, memory] = [await stored(), folded(mendedToyGroup)];
    expect(live).toEqual(memory);
    expect(engine.status().parked).toBe(0);
  });

  it('stays parked, one attempt more, while it still throws', async () => {
    const engine = rig.start();
    await poisoned();
    await rig.caughtUp();
    const before = await stored();
    expect(await engine.retryParked(SPACE)).toMatchObject({ folded: 0, parked: { attempts: 2 } });
    const { parked, ...rest } = await stored();
    expect(parked).toMatchObject([{ attempts: 2 }]);
    expect({ ...rest, parked: before.parked }).toEqual(before);
  });

  it('parks again at the next one that throws, keeping what came between', async () => {
    const first = rig.start();
    await toyLog().put(A, ONE, 'food', 1, 'poison').put(A, ONE, 'food', 2).put(A, TWO, 'food', 3, 'poison').to(rig.store);
    await rig.caughtUp();
    await first.stop();
    await rig.database.pool.query('update projection_parked set position = (select position from audit_log where seq = 2)');
    const engine = rig.start();
    await rig.until(() => engine.status().state === 'live');
    expect(await engine.retryParked(SPACE)).toMatchObject({ folded: 1, parked: { attempts: 1 } });
    expect(await stored()).toMatchObject({ feed: [{ v: 1 }], rows: { toy_sums: [{ category: 'food', amount: '2' }] } });
  });

  it('is tried again by the process that owns it when another one asks', async () => {
    const first = rig.start();
    await poisoned();
    await rig.caughtUp();
    await first.stop();
    rig.start({ group: mendedToyGroup });
    expect(await requestRetry(rig.database.pool, 'toy', SPACE)).toBe(true);
    await rig.until(async () => (await stored()).parked.length === 0);
    expect(await stored()).toEqual(folded(mendedToyGroup));
    expect(await requestRetry(rig.database.pool, 'toy', SPACE)).toBe(false);
  });

  it('folds more missed events than one step takes, while other spaces go on', async () => {
    const first = rig.start();
    const many = toyLog().put(A, ONE, 'food', 5, 'poison');
    for (let amount = 0; amount < 1_100; amount += 1) many.put(A, ONE, 'food', amount);
    await many.to(rig.store);
    await rig.caughtUp();
    await first.stop();
    const engine = rig.start({ group: mendedToyGroup });
    await rig.until(() => engine.status().state === 'live');
    const retried = engine.retryParked(SPACE);
    await toyLog(5_000).put(B, TWO, 'toys', 5).put(A, TWO, 'toys', 5).to(rig.store);
    expect(await retried).toMatchObject({ parked: null });
    await rig.caughtUp();
    expect(await stored()).toEqual(folded(mendedToyGroup));
  });

  it('may be one whose rows only the database can refuse: the rest of its batch is written', async () => {
    const group: ProjectionGroup = { ...toyGroup, projections: toyGroup.projections.map(withUniqueCategory) };
    await toyLog().put(A, ONE, 'food', 5).put(B, ONE, 'food', 5).put(A, TWO, 'food', 6).put(B, TWO, 'toys', 7).to(rig.store);
    rig.start({ group });
    await rig.caughtUp();
    const { parked, rows, audit } = await stored();
    expect(parked).toMatchObject([{ space: `family:${A}`, projection: 'toy_items_v3', reason: expect.stringMatching(/unique/) }]);
    expect(rows['toy_items']).toHaveLength(3);
    expect(audit).toHaveLength(4);
  });
});

function withUniqueCategory(projection: Projection): Projection {
  if (projection.name !== 'toy_items') return projection;
  return { ...projection, table: { ...projection.table, indexes: [{ columns: ['category'], unique: true }] } };
}
