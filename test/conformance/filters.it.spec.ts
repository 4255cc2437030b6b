import {
  END,
  eventTypeFilter,
  excludeSystemEvents,
  streamNameFilter,
  type AllStreamResolvedEvent,
  type Filter,
  type Position,
} from '@eventstore/db-client';
import { newStream, openStoreUnderTest, someEvents, type StoreUnderTest } from './store-under-test.js';

let store: StoreUnderTest;
/** Where this file begins: everything before it is somebody else's. */
let start: Position;
/** One word for all names of this file, so that a log that is shared has no others like them. */
let word: string;

beforeAll(async () => {
  store = await openStoreUnderTest();
  word = newStream('w');
  start = (await store.client.appendToStream(newStream(), someEvents(1))).position as Position;
  for (const name of ['alpha', 'beta', 'gamma']) {
    for (const type of ['Made', 'Changed']) await store.client.appendToStream(`${word}-${name}-1`, someEvents(1, `${type}-${word}`));
  }
  await store.client.setStreamMetadata(`${word}-alpha-1`, { maxCount: 100 });
});

afterAll(() => store.close());

/** History from the start of this file to its end, and the checkpoints on the way. */
async function history(filter: Filter | undefined, from: Position = start): Promise<{ events: AllStreamResolvedEvent[]; checkpoints: bigint[] }> {
  const checkpoints: bigint[] = [];
  const counted = filter && {
    ...filter,
    checkpointReached: (_: unknown, { commit }: Position) => void checkpoints.push(commit),
  };
  const subscription = store.client.subscribeToAll({ fromPosition: from, ...(counted && { filter: counted as Filter }) });
  const events: AllStreamResolvedEvent[] = [];
  subscription.on('data', (event: AllStreamResolvedEvent) => events.push(event));
  await new Promise((resolve, reject) => subscription.once('caughtUp', resolve).once('error', reject));
  while (subscription.readableLength > 0) await new Promise((resolve) => setImmediate(resolve));
  await subscription.unsubscribe();
  return { events, checkpoints };
}

const named = async (filter: Filter): Promise<string[]> =>
  (await history(filter)).events.map(({ event }) => `${event?.streamId.replace(`${word}-`, '')} ${event?.type.replace(`-${word}`, '')}`);

describe('a filter by stream names', () => {
  it('takes streams that begin with a prefix', async () => {
    expect(await named(streamNameFilter({ prefixes: [`${word}-alpha`] }))).toEqual(['alpha-1 Made', 'alpha-1 Changed']);
  });

  it('takes streams that begin with one of several prefixes, in the order of the log', async () => {
    const filter = streamNameFilter({ prefixes: [`${word}-gamma`, `${word}-alpha`] });
    expect(await named(filter)).toEqual(['alpha-1 Made', 'alpha-1 Changed', 'gamma-1 Made', 'gamma-1 Changed']);
  });

  it('does not take streams that have the prefix in their middle', async () => {
    expect(await named(streamNameFilter({ prefixes: ['alpha', 'beta'] }))).toEqual([]);
  });

  it('takes streams that match an expression with alternatives', async () => {
    expect(await named(streamNameFilter({ regex: `^${word}-(beta|gamma)-` }))).toHaveLength(4);
  });

  it('takes the metadata of a stream only under its own name', async () => {
    expect(await named(streamNameFilter({ prefixes: [`$$${word}-alpha`] }))).toHaveLength(1);
  });
});

describe('a filter by event types', () => {
  it('takes events whose type begins with a prefix, of any stream', async () => {
    expect(await named(eventTypeFilter({ prefixes: [`Made-${word}`] }))).toEqual(['alpha-1 Made', 'beta-1 Made', 'gamma-1 Made']);
  });

  it('takes events whose type matches an expression', async () => {
    expect(await named(eventTypeFilter({ regex: `^(Made|Changed)-${word}$` }))).toHaveLength(6);
  });

  it('leaves system events out with the filter made for it, and nothing else', async () => {
    const { events } = await history(excludeSystemEvents());
    const ours = events.filter(({ event }) => event?.streamId.includes(word));
    expect(ours).toHaveLength(6);
    expect(events.filter(({ event }) => event?.type.startsWith('$'))).toEqual([]);
  });
});

describe('a filtered subscription', () => {
  it('has the events of an unfiltered one that match, with the same positions', async () => {
    const all = (await history(undefined)).events.filter(({ event }) => event?.streamId.startsWith(`${word}-beta`));
    const filtered = (await history(streamNameFilter({ prefixes: [`${word}-beta`] }))).events;
    expect(filtered.map(({ event }) => event?.position)).toEqual(all.map(({ event }) => event?.position));
  });

  it('says how far it has looked although nothing matches', async () => {
    const filter = streamNameFilter({ prefixes: ['no-such-stream'], maxSearchWindow: 2, checkpointInterval: 1 });
    const { events, checkpoints } = await history(filter);
    expect(events).toEqual([]);
    expect(checkpoints.length).toBeGreaterThan(0);
    expect(checkpoints).toEqual([...checkpoints].sort((one, other) => (one < other ? -1 : 1)));
    expect(checkpoints.every((position) => position > start.commit)).toBe(true);
  });

  it('goes on from any of its checkpoints as if it had never stopped', async () => {
    const filter = streamNameFilter({ prefixes: [`${word}-gamma`], maxSearchWindow: 2, checkpointInterval: 1 });
    const { events, checkpoints } = await history(filter);
    for (const commit of checkpoints) {
      const rest = (await history(filter, { commit, prepare: commit })).events;
      const due = events.filter(({ event }) => (event?.position.commit ?? 0n) > commit);
      expect(rest.map(({ event }) => event?.id)).toEqual(due.map(({ event }) => event?.id));
    }
  });

  it('from the end has only what comes, and only what matches', async () => {
    const mine = newStream('tail');
    const subscription = store.client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [mine] }) });
    const seen: string[] = [];
    const first = new Promise((resolve) => subscription.once('data', resolve));
    subscription.on('data', ({ event }: AllStreamResolvedEvent) => seen.push(`${event?.streamId} ${event?.revision}`));
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    await store.client.appendToStream(newStream(), someEvents(2));
    await store.client.appendToStream(mine, someEvents(1));
    await first;
    expect(seen).toEqual([`${mine} 0`]);
    await subscription.unsubscribe();
  });

  it('is independent of another on the same client', async () => {
    const [one, two] = await Promise.all([
      named(streamNameFilter({ prefixes: [`${word}-alpha`] })),
      named(eventTypeFilter({ prefixes: [`Changed-${word}`] })),
    ]);
    expect([one.length, two.length]).toEqual([2, 3]);
  });
});
