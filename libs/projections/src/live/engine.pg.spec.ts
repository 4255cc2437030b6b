import { foldInMemory, type ProjectionEngine } from '../index.js';
import { EngineRig } from '../../../../test/support/projections/engine-rig.js';
import { foldedState, storedState } from '../../../../test/support/projections/stored-state.js';
import { shelvesGroup } from '../../../../test/support/projections/many-keys.js';
import { toyGroup } from '../../../../test/support/projections/toy-group.js';
import { toyLog } from '../../../../test/support/projections/toy-log.js';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';
const [ONE, TWO] = ['10000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-000000000002'];

describe('the live engine', () => {
  let rig: EngineRig;

  beforeEach(async () => {
    rig = await EngineRig.open();
  });
  afterEach(async () => rig.close());

  const expectEqualToMemory = async (group = toyGroup): Promise<void> => {
    const events = rig.store.contents().filter(({ stream }) => stream.startsWith('toy-'));
    const stored = await storedState(rig.database.pool, group);
    expect(stored).toEqual(foldedState(foldInMemory(group, events), group));
  };

  it('writes what a fold in memory says, row for row', async () => {
    await toyLog().put(A, ONE, 'food', 5).put(A, TWO, 'food', 7).put(B, ONE, 'toys', 9).to(rig.store);
    rig.start();
    await toyLog(10).removed(A, ONE).emptied(B).noted(A).putV1(A, TWO, 'rent', 100).to(rig.store);
    await rig.caughtUp();
    await expectEqualToMemory();
  });

  it('goes on where it stopped', async () => {
    const first = rig.start();
    await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    await first.stop();
    await toyLog(10).put(A, ONE, 'toys', 6).removed(A, TWO).to(rig.store);
    rig.start();
    await rig.caughtUp();
    await expectEqualToMemory();
  });

  it('loads every document an event names, also when none is at hand any more', async () => {
    const first = rig.start({ group: shelvesGroup });
    await toyLog().put(A, ONE, 'food', 5, 'window').put(A, TWO, 'window', 7).to(rig.store);
    await rig.caughtUp();
    await first.stop();
    await toyLog(10).put(A, ONE, 'food', 6, 'window').emptied(A).put(B, ONE, 'food', 5, 'window').to(rig.store);
    const second = rig.start({ group: shelvesGroup });
    await rig.caughtUp();
    expect(second.status().parked).toBe(0);
    await expectEqualToMemory(shelvesGroup);
  });

  it('needs one statement a table and one round trip for a batch whose documents it has', async () => {
    const engine = rig.start();
    await toyLog().put(A, ONE, 'food', 5).to(rig.store);
    await rig.caughtUp();
    const before = countersOf(engine);
    await toyLog(10).put(A, ONE, 'food', 6).to(rig.store);
    await rig.caughtUp();
    const after = countersOf(engine);
    // The fence, audit_log, documents, three read models, the feed and its heads.
    expect(after.statements - before.statements).toBe(8);
    expect(after.roundTrips - before.roundTrips).toBe(1);
    expect(after.documentsRead - before.documentsRead).toBe(0);
  });

  const countersOf = (engine: ProjectionEngine) => engine.status().counters;
});
