import type { EventStore, SubscriptionMessage } from '@daybook/eventsourcing';
import fc from 'fast-check';
import { bentStore, EngineRig } from '../../../../test/support/projections/engine-rig.js';
import { foldedState, storedState } from '../../../../test/support/projections/stored-state.js';
import { toyGroup } from '../../../../test/support/projections/toy-group.js';
import { toyLog } from '../../../../test/support/projections/toy-log.js';
import { foldInMemory } from '../index.js';

/** Each a database, an engine or more, and a life of its own: about half a second. */
const HISTORIES = Number(process.env['HISTORIES'] ?? 25);

const uuid = (number: number): string => `10000000-0000-4000-8000-00000000000${number}`;
const space = fc.integer({ min: 0, max: 4 }).map(uuid);
const item = fc.integer({ min: 0, max: 3 }).map(uuid);
const category = fc.constantFrom('food', 'rent', 'toys');
const note = fc.oneof({ weight: 12, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) }, { weight: 1, arbitrary: fc.constant('poison') });
const amount = fc.integer({ min: -5_000, max: 5_000 });

const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), space, item, category, amount, note: fc.option(note) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('putV1' as const), space, item, category, amount }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('removed' as const), space, item }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('emptied' as const), space }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('noted' as const), space }) },
);

/** What happens to the engine between two parts of a history. */
const upheaval = fc.constantFrom('nothing', 'restart', 'lost subscription', 'second process');

const life = fc.record({
  parts: fc.array(fc.record({ events: fc.array(event, { maxLength: 25 }), upheaval }), { minLength: 1, maxLength: 5 }),
  batchEventsMax: fc.constantFrom(1, 2, 3, 7, 1_000),
  readAheadEventsMax: fc.constantFrom(1, 5, 2_000),
  cacheBytesMax: fc.constantFrom(0, 2_000, 1_000_000),
  repeats: fc.boolean(),
});

type Event = typeof event extends fc.Arbitrary<infer One> ? One : never;

async function write(rig: EngineRig, events: readonly Event[], first: number): Promise<void> {
  const log = toyLog(first);
  for (const one of events) {
    if (one.kind === 'put') log.put(one.space, one.item, one.category, one.amount, one.note);
    else if (one.kind === 'putV1') log.putV1(one.space, one.item, one.category, one.amount);
    else if (one.kind === 'removed') log.removed(one.space, one.item);
    else if (one.kind === 'emptied') log.emptied(one.space);
    else log.noted(one.space);
  }
  await log.to(rig.store);
}

/** Every fifth message brings the last few again. */
function repeating(store: EngineRig['store']): EventStore {
  return bentStore(store, async function* (messages) {
    const recent: SubscriptionMessage[] = [];
    let count = 0;
    for await (const message of messages) {
      yield message;
      recent.push(message);
      if (recent.length > 5) recent.shift();
      if (++count % 5 === 0) yield* recent;
    }
  });
}

describe('any history', () => {
  it('leaves the same rows live as in memory, however it is cut, repeated and interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(life, async ({ parts, repeats, ...limits }) => {
        const rig = await EngineRig.open();
        try {
          const store = repeats ? repeating(rig.store) : rig.store;
          let engine = rig.start({ store, limits });
          for (const [index, part] of parts.entries()) {
            await write(rig, part.events, 1_000 * index + 1);
            if (part.upheaval === 'restart') {
              await engine.stop();
              engine = rig.start({ store, limits });
            } else if (part.upheaval === 'lost subscription') rig.store.dropSubscriptions();
            else if (part.upheaval === 'second process') rig.start({ store, limits });
          }
          await rig.caughtUp();
          const events = rig.store.contents().filter(({ stream }) => stream.startsWith('toy-'));
          expect(await storedState(rig.database.pool, toyGroup)).toEqual(foldedState(foldInMemory(toyGroup, events), toyGroup));
        } finally {
          await rig.close();
        }
      }),
      { numRuns: HISTORIES },
    );
  }, 10_000 + HISTORIES * 4_000);
});
