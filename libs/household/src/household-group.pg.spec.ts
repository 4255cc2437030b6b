import { uuidV5 } from '@daybook/kernel';
import {
  foldHistory,
  foldInMemory,
  historyOf,
  parseSpaceKey,
  spaceKey,
  type GroupBatch,
  type Projection,
  type Space,
  type StoredDocument,
} from '@daybook/projections';
import * as fc from 'fast-check';
import { HOME } from '../../../test/support/budget-events.js';
import { householdHistories, writeHistory } from '../../../test/support/household-histories.js';
import { HouseholdRig } from '../../../test/support/household-rig.js';
import { foldedState, storedState } from '../../../test/support/projections/stored-state.js';
import { householdGroup } from './household-group.js';

/** Each has up to three families and some hundred events. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 4);

describe('the read models of the household', () => {
  let rig: HouseholdRig;
  beforeAll(async () => {
    rig = await HouseholdRig.open();
  });
  afterAll(() => rig.close());

  const live = async () => storedState(rig.database.pool, householdGroup);
  let told = 0;

  it('are the same live, folded in memory and folded again from the log, after any history', async () => {
    const limits = fc.record({ batchEventsMax: fc.constantFrom(1, 7, 1_000), cacheBytesMax: fc.constantFrom(0, 5_000, 1_000_000) });
    await fc.assert(
      fc.asyncProperty(householdHistories(), limits, async (history, again) => {
        await writeHistory(rig, history(uuidV5(HOME, `history ${(told += 1)}`)));
        await rig.caughtUp();
        const stored = await live();
        expect(stored.parked).toEqual([]);
        expect(stored).toEqual(foldedState(foldInMemory(householdGroup, rig.history()), householdGroup));
        await rig.foldAnew({ ...again, batchEveryMs: 0 });
        expect(await live()).toEqual(stored);
      }),
      { numRuns: HISTORIES },
    );
  }, 20_000 + HISTORIES * 10_000);

  it('are, as they were known at any position, what a fold of the events up to it says', async () => {
    await fc.assert(
      fc.asyncProperty(householdHistories({ families: 2 }), fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), async (history, cuts) => {
        await writeHistory(rig, history(uuidV5(HOME, `history ${(told += 1)}`)));
        await rig.caughtUp();
        const events = rig.history();
        for (const cut of [...cuts, events.length - 1]) {
          const prefix = events.slice(0, 1 + (cut % events.length));
          const upTo = prefix.at(-1)?.position ?? -1n;
          const folded = foldInMemory(householdGroup, prefix);
          for (const space of newestSpaces(folded)) expect(await asOf(space, upTo, folded)).toEqual(inMemory(folded, space));
        }
      }),
      { numRuns: HISTORIES },
    );
  }, 20_000 + HISTORIES * 10_000);

  /** The families of this history; those before them have been through this already. */
  function newestSpaces(folded: GroupBatch): readonly Space[] {
    return [...folded.heads.keys()].slice(-2).map(parseSpaceKey);
  }

  /** The documents the batch knows of, and all rows. */
  async function asOf(space: Space, upTo: bigint, { documents }: GroupBatch): Promise<unknown> {
    const { data } = await rig.readModels().read({ space }, async (trx) => {
      const folded = foldHistory(householdGroup.projections, await historyOf(trx, householdGroup, space, { upTo }));
      return householdGroup.projections.map((projection) => {
        const keys = documentsOf(documents, space, projection).map(({ key }) => key);
        return [projection.name, keys.map((key) => folded.document(projection, key)), byText(folded.rows(projection))];
      });
    });
    return data;
  }

  function inMemory({ documents, rows }: GroupBatch, space: Space): unknown {
    return householdGroup.projections.map((projection) => {
      const own = [...(rows.get(projection)?.values() ?? [])].filter((stored) => stored.space === spaceKey(space) && stored.row !== null);
      const known = documentsOf(documents, space, projection).map(({ document }) => document);
      return [projection.name, known, byText(own.map(({ row }) => row))];
    });
  }
});

function documentsOf(documents: GroupBatch['documents'], space: Space, { name, version }: Projection): readonly StoredDocument[] {
  return [...documents.values()].filter((stored) => stored.space === spaceKey(space) && stored.name === `${name}_v${version}`);
}

function byText(rows: readonly unknown[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
