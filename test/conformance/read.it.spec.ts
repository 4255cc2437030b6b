import http2 from 'node:http2';
import { BACKWARDS, END, FORWARDS, START } from '@eventstore/db-client';
import { collect, newStream, openStoreUnderTest, refusalOf, revisionsOf, someEvents, type StoreUnderTest } from './store-under-test.js';

let store: StoreUnderTest;

beforeAll(async () => {
  store = await openStoreUnderTest();
});

afterAll(() => store.close());

async function streamOf(count: number): Promise<string> {
  const stream = newStream();
  await store.client.appendToStream(stream, someEvents(count));
  return stream;
}

describe('reading a stream', () => {
  let stream: string;
  beforeAll(async () => {
    stream = await streamOf(10);
  });

  it.each<[string, Parameters<StoreUnderTest['client']['readStream']>[1], number[]]>([
    ['forwards from the start', { direction: FORWARDS, fromRevision: START }, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['forwards, its start included', { fromRevision: 7n }, [7, 8, 9]],
    ['forwards, no more than asked for', { fromRevision: 3n, maxCount: 2 }, [3, 4]],
    ['forwards from behind the last event', { fromRevision: 10n }, []],
    ['forwards from far behind the last event', { fromRevision: 2n ** 64n - 1n }, []],
    ['forwards from the end', { fromRevision: END }, []],
    ['backwards from the end', { direction: BACKWARDS, fromRevision: END }, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['backwards, its start included', { direction: BACKWARDS, fromRevision: 2n }, [2, 1, 0]],
    ['backwards, no more than asked for', { direction: BACKWARDS, fromRevision: END, maxCount: 1 }, [9]],
    ['backwards from the start', { direction: BACKWARDS, fromRevision: START }, [0]],
    ['backwards from behind the last event', { direction: BACKWARDS, fromRevision: 99n, maxCount: 2 }, [9, 8]],
  ])('gives %s', async (_, options, revisions) => {
    expect(await revisionsOf(store.client.readStream(stream, options))).toEqual(revisions);
  });

  it('says that a stream which never existed is not found', async () => {
    expect((await refusalOf(collect(store.client.readStream(newStream())))).type).toBe('stream-not-found');
    const backwards = store.client.readStream(newStream(), { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
    expect((await refusalOf(collect(backwards))).type).toBe('stream-not-found');
  });

  it('gives events larger than any buffer on the way, in order', async () => {
    const large = newStream();
    const sizes = [900_000, 10, 700_000, 65_536, 1, 16_384];
    for (const size of sizes) {
      await store.client.appendToStream(large, { ...(someEvents(1)[0] as object), data: 'x'.repeat(size) } as never);
    }
    const read = await collect(store.client.readStream(large));
    expect(read.map(({ event }) => (event?.data as unknown as string).length)).toEqual(sizes);
  });

  it('can be given up in the middle', async () => {
    const long = await streamOf(2_000);
    let seen = 0;
    for await (const event of store.client.readStream(long)) {
      seen += 1;
      if (event.event?.revision === 5n) break;
    }
    expect(seen).toBe(6);
    expect(await revisionsOf(store.client.readStream(long, { maxCount: 3 }))).toEqual([0, 1, 2]);
  });
});

describe('deleting a stream', () => {
  it('softly makes it read as missing, in both directions', async () => {
    const stream = await streamOf(3);
    expect((await store.client.deleteStream(stream)).position?.commit).toBeGreaterThan(0n);
    for (const direction of [FORWARDS, BACKWARDS] as const) {
      const reading = store.client.readStream(stream, { direction, fromRevision: direction === FORWARDS ? START : END });
      expect((await refusalOf(collect(reading))).type).toBe('stream-not-found');
    }
  });

  it.each([[1n], ['no_stream' as const]])('softly conflicts when %s is expected', async (expectedRevision) => {
    const stream = await streamOf(3);
    expect(await refusalOf(store.client.deleteStream(stream, { expectedRevision }))).toMatchObject({
      type: 'wrong-expected-version',
      streamName: stream,
      expectedVersion: expectedRevision === 'no_stream' ? -1n : expectedRevision,
      actualVersion: 2n,
    });
  });

  it('softly at its revision, and again, is accepted', async () => {
    const stream = await streamOf(3);
    await store.client.deleteStream(stream, { expectedRevision: 2n });
    expect((await store.client.deleteStream(stream)).position).toBeDefined();
  });

  it('softly that never existed is a conflict', async () => {
    expect((await refusalOf(store.client.deleteStream(newStream()))).type).toBe('wrong-expected-version');
    const expecting = store.client.deleteStream(newStream(), { expectedRevision: 'no_stream' });
    expect((await refusalOf(expecting)).type).toBe('wrong-expected-version');
  });

  it('for ever makes reading, deleting and its metadata answer that it is deleted', async () => {
    const stream = await streamOf(3);
    await store.client.tombstoneStream(stream, { expectedRevision: 2n });
    const attempts = [
      collect(store.client.readStream(stream)),
      collect(store.client.readStream(stream, { direction: BACKWARDS, fromRevision: END })),
      collect(store.client.readStream(`$$${stream}`)),
      store.client.deleteStream(stream),
      store.client.tombstoneStream(stream),
      store.client.setStreamMetadata(stream, { maxCount: 1 }),
    ];
    for (const attempt of attempts) expect((await refusalOf(attempt)).type).toBe('stream-deleted');
  });

  it('for ever is possible before it exists, and conflicts at another revision', async () => {
    const never = newStream();
    await store.client.tombstoneStream(never, { expectedRevision: 'no_stream' });
    expect(await refusalOf(collect(store.client.readStream(never)))).toMatchObject({ type: 'stream-deleted', streamName: never });
    const stream = await streamOf(3);
    expect((await refusalOf(store.client.tombstoneStream(stream, { expectedRevision: 1n }))).type).toBe('wrong-expected-version');
  });

  it('leaves its events in $all', async () => {
    const stream = await streamOf(3);
    await store.client.deleteStream(stream);
    const all = await collect(store.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 4 }));
    expect(all.map(({ event }) => event?.streamId)).toEqual([`$$${stream}`, stream, stream, stream]);
  });
});

describe('the metadata of a stream', () => {
  it('comes back as it was set, with keys of its own', async () => {
    const stream = await streamOf(1);
    const metadata = { maxCount: 7, maxAge: 3600, truncateBefore: 0, mine: { a: 1 } };
    await store.client.setStreamMetadata(stream, metadata);
    expect((await store.client.getStreamMetadata(stream)).metadata).toEqual(metadata);
  });

  it('is missing until it is set', async () => {
    expect((await store.client.getStreamMetadata(newStream())).metadata).toBeUndefined();
  });

  it('hides all but the last events by their count', async () => {
    const stream = await streamOf(6);
    await store.client.setStreamMetadata(stream, { maxCount: 2 });
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([4, 5]);
    expect(await revisionsOf(store.client.readStream(stream, { fromRevision: 1n, maxCount: 1 }))).toEqual([4]);
    await store.client.appendToStream(stream, someEvents(1), { expectedRevision: 5n });
    const backwards = store.client.readStream(stream, { direction: BACKWARDS, fromRevision: END });
    expect(await revisionsOf(backwards)).toEqual([6, 5]);
  });

  it('hides events before a revision', async () => {
    const stream = await streamOf(6);
    await store.client.setStreamMetadata(stream, { truncateBefore: 4 });
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([4, 5]);
    await store.client.setStreamMetadata(stream, { truncateBefore: 99 });
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([]);
  });

  it('shows again what a later version of it no longer hides', async () => {
    const stream = await streamOf(3);
    await store.client.setStreamMetadata(stream, { maxCount: 1 });
    await store.client.setStreamMetadata(stream, {});
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0, 1, 2]);
  });

  it('hides events older than its age, and no others', async () => {
    const stream = await streamOf(3);
    await store.client.setStreamMetadata(stream, { maxAge: 3600 });
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0, 1, 2]);
  });

  it('shows only its newest version', async () => {
    const stream = await streamOf(1);
    for (const maxCount of [1, 2, 3]) await store.client.setStreamMetadata(stream, { maxCount });
    expect(await revisionsOf(store.client.readStream(`$$${stream}`))).toEqual([2]);
  });

  it('opens a soft-deleted stream when it is set', async () => {
    const stream = await streamOf(2);
    await store.client.deleteStream(stream);
    await store.client.setStreamMetadata(stream, { maxCount: 10 });
    expect((await store.client.getStreamMetadata(stream)).metadata).toEqual({ maxCount: 10, truncateBefore: 2 });
    await store.client.appendToStream(stream, someEvents(1), { expectedRevision: 1n });
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([2]);
  });
});

describe('reading $all', () => {
  let positions: bigint[];
  let stream: string;
  beforeAll(async () => {
    stream = newStream();
    for (let append = 0; append < 5; append += 1) await store.client.appendToStream(stream, someEvents(2));
    const mine = (await collect(store.client.readStream(stream))).map(({ event }) => event?.position?.commit as bigint);
    positions = mine;
  });

  const from = (index: number) => {
    const commit = positions[index] as bigint;
    return { commit, prepare: commit };
  };

  it('gives every event once, in one order with strictly increasing positions', async () => {
    const all = await collect(store.client.readAll());
    const seen = all.map(({ event }) => event?.position?.commit as bigint);
    expect(seen.every((position, at) => at === 0 || position > (seen[at - 1] as bigint))).toBe(true);
    const backwards = await collect(store.client.readAll({ direction: BACKWARDS, fromPosition: END }));
    expect(backwards.map(({ event }) => event?.position?.commit)).toEqual([...seen].reverse());
  });

  it('agrees with the order of each stream', async () => {
    const all = await collect(store.client.readAll());
    const mine = all.filter(({ event }) => event?.streamId === stream).map(({ event }) => Number(event?.revision));
    expect(mine).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('includes the event at its start forwards', async () => {
    const [first] = await collect(store.client.readAll({ fromPosition: from(3), maxCount: 1 }));
    expect(first?.event?.position).toEqual(from(3));
  });

  it('leaves the event at its start out backwards', async () => {
    const [first] = await collect(store.client.readAll({ fromPosition: from(3), direction: BACKWARDS, maxCount: 1 }));
    expect(first?.event?.position).toEqual(from(2));
  });

  it('holds system events from the first moment', async () => {
    const [first, second] = await collect(store.client.readAll({ maxCount: 2 }));
    expect([first?.event?.type.charAt(0), second?.event?.type.charAt(0)]).toEqual(['$', '$']);
  });

  it('is empty forwards from the end and backwards from the start', async () => {
    expect(await collect(store.client.readAll({ fromPosition: END }))).toEqual([]);
    expect(await collect(store.client.readAll({ fromPosition: START, direction: BACKWARDS }))).toEqual([]);
  });

  it('refuses a position it has not issued', async () => {
    const between = { commit: (positions[0] as bigint) + 1n, prepare: (positions[0] as bigint) + 1n };
    for (const direction of [FORWARDS, BACKWARDS] as const) {
      expect(await refusalOf(collect(store.client.readAll({ fromPosition: between, direction })))).toMatchObject({ code: 3 });
    }
  });

  it('goes on at once while another reader does not read at all', async () => {
    await Promise.all(Array.from({ length: 20 }, () => store.client.appendToStream(newStream(), { ...(someEvents(1)[0] as object), data: 'x'.repeat(300_000) } as never)));
    const lazy = http2.connect(store.endpoint, { rejectUnauthorized: false });
    const request = lazy.request({
      ':method': 'POST',
      ':path': '/event_store.client.streams.Streams/Read',
      'content-type': 'application/grpc',
    });
    // ReadReq of all of $all, forwards; nobody ever reads the answer.
    request.end(Buffer.from([0, 0, 0, 0, 14, 0x0a, 12, 0x12, 2, 0x12, 0, 0x28, 0xff, 0xff, 0x03, 0x42, 0, 0x4a, 0].slice(0, 19)));
    request.pause();
    await new Promise((resolve) => request.once('response', resolve));
    const all = await collect(store.client.readAll());
    expect(all.length).toBeGreaterThan(20);
    lazy.destroy();
  });
});
