import { BACKWARDS, END, NO_STREAM } from '@eventstore/db-client';
import { collect, newStream, openStoreUnderTest, refusalOf, revisionsOf, someEvents, type StoreUnderTest } from './store-under-test.js';

let store: StoreUnderTest;

beforeAll(async () => {
  store = await openStoreUnderTest();
});

afterAll(() => store.close());

async function streamOf(count: number): Promise<string> {
  const stream = newStream();
  await store.client.appendToStream(stream, someEvents(count), { expectedRevision: NO_STREAM });
  return stream;
}

const revisions = (stream: string, options = {}): Promise<number[]> => revisionsOf(store.client.readStream(stream, options));
const newest = (count: number) => collect(store.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: count }));

describe('setting the metadata of a stream', () => {
  it('is an append of its own, at a revision of its own', async () => {
    const stream = await streamOf(2);
    expect(await store.client.setStreamMetadata(stream, { maxCount: 9 })).toMatchObject({ nextExpectedRevision: 0n });
    expect(await store.client.setStreamMetadata(stream, { maxCount: 8 }, { expectedRevision: 0n })).toMatchObject({ nextExpectedRevision: 1n });
    expect(await store.client.appendToStream(stream, someEvents(1), { expectedRevision: 1n })).toMatchObject({ nextExpectedRevision: 2n });
  });

  it('conflicts at another revision', async () => {
    const stream = await streamOf(1);
    await store.client.setStreamMetadata(stream, { maxCount: 9 });
    for (const expectedRevision of [NO_STREAM, 5n] as const) {
      const refusal = await refusalOf(store.client.setStreamMetadata(stream, { maxCount: 8 }, { expectedRevision }));
      expect(refusal).toMatchObject({ type: 'wrong-expected-version', actualVersion: 0n });
    }
  });

  it('is an event that $all shows, of the stream whose name begins with two dollars', async () => {
    const stream = await streamOf(1);
    await store.client.setStreamMetadata(stream, { maxCount: 3 });
    const [event] = await newest(1);
    expect(event?.event).toMatchObject({ streamId: `$$${stream}`, type: '$metadata', isJson: true, data: { $maxCount: 3 } });
  });

  it('is possible before the stream exists, and does not make it exist', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { maxCount: 2 });
    expect((await refusalOf(collect(store.client.readStream(stream)))).type).toBe('stream-not-found');
    expect(await store.client.appendToStream(stream, someEvents(4), { expectedRevision: NO_STREAM })).toMatchObject({ success: true });
    expect(await revisions(stream)).toEqual([2, 3]);
  });

  it('keeps who may do what, though only a server with accounts looks at it', async () => {
    const stream = await streamOf(1);
    const acl = { readRoles: ['$all'], writeRoles: ['$admins', 'us'] };
    await store.client.setStreamMetadata(stream, { acl, cacheControl: 60 });
    expect((await store.client.getStreamMetadata(stream)).metadata).toMatchObject({ acl, cacheControl: 60 });
  });
});

describe('what metadata hides', () => {
  it('is the more of a count and a revision', async () => {
    const stream = await streamOf(10);
    await store.client.setStreamMetadata(stream, { maxCount: 4, truncateBefore: 3 });
    expect(await revisions(stream)).toEqual([6, 7, 8, 9]);
    await store.client.setStreamMetadata(stream, { maxCount: 4, truncateBefore: 8 });
    expect(await revisions(stream)).toEqual([8, 9]);
  });

  it('is nothing when the count is larger than the stream', async () => {
    const stream = await streamOf(3);
    await store.client.setStreamMetadata(stream, { maxCount: 100 });
    expect(await revisions(stream)).toEqual([0, 1, 2]);
  });

  it('is not read backwards either, from the end or from the middle', async () => {
    const stream = await streamOf(8);
    await store.client.setStreamMetadata(stream, { truncateBefore: 5 });
    expect(await revisions(stream, { direction: BACKWARDS, fromRevision: END })).toEqual([7, 6, 5]);
    expect(await revisions(stream, { direction: BACKWARDS, fromRevision: 6n, maxCount: 9 })).toEqual([6, 5]);
  });

  it('moves on with the stream when it is a count', async () => {
    const stream = await streamOf(3);
    await store.client.setStreamMetadata(stream, { maxCount: 2 });
    for (let more = 0; more < 3; more += 1) await store.client.appendToStream(stream, someEvents(1));
    expect(await revisions(stream)).toEqual([4, 5]);
  });

  it('does not count for the revision an append expects', async () => {
    const stream = await streamOf(5);
    await store.client.setStreamMetadata(stream, { truncateBefore: 5 });
    expect(await revisions(stream)).toEqual([]);
    expect(await store.client.appendToStream(stream, someEvents(1), { expectedRevision: 4n })).toMatchObject({ nextExpectedRevision: 5n });
  });

  it('stays in $all', async () => {
    const stream = await streamOf(4);
    await store.client.setStreamMetadata(stream, { maxCount: 1 });
    const streams = (await newest(5)).map(({ event }) => event?.streamId);
    expect(streams).toEqual([`$$${stream}`, stream, stream, stream, stream]);
  });
});

describe('a deleted stream', () => {
  it('softly has metadata that says so', async () => {
    const stream = await streamOf(2);
    await store.client.deleteStream(stream);
    const [event] = await newest(1);
    expect(event?.event).toMatchObject({ streamId: `$$${stream}`, type: '$metadata' });
    expect(JSON.stringify(event?.event?.data)).toContain('$tb');
  });

  it('softly can be opened and deleted again, numbering on each time', async () => {
    const stream = await streamOf(2);
    for (const first of [2, 4, 6]) {
      await store.client.deleteStream(stream);
      await store.client.appendToStream(stream, someEvents(2));
      expect(await revisions(stream)).toEqual([first, first + 1]);
    }
  });

  it('softly can be deleted for ever', async () => {
    const stream = await streamOf(2);
    await store.client.deleteStream(stream);
    await store.client.tombstoneStream(stream);
    expect((await refusalOf(store.client.appendToStream(stream, someEvents(1)))).type).toBe('stream-deleted');
  });

  it('for ever has a last event that says so, in $all, behind all others', async () => {
    const stream = await streamOf(2);
    const { position } = await store.client.tombstoneStream(stream);
    const [last, before] = await newest(2);
    expect(last?.event).toMatchObject({ streamId: stream, type: '$streamDeleted', position });
    expect(before?.event).toMatchObject({ streamId: stream, revision: 1n });
  });

  it('for ever has no metadata any more', async () => {
    const stream = await streamOf(1);
    await store.client.setStreamMetadata(stream, { maxCount: 3 });
    await store.client.tombstoneStream(stream);
    expect((await refusalOf(store.client.getStreamMetadata(stream))).type).toBe('stream-deleted');
  });

  it('for ever does not touch a stream whose name begins with its name', async () => {
    const stream = await streamOf(1);
    await store.client.appendToStream(`${stream}-more`, someEvents(1));
    await store.client.tombstoneStream(stream);
    expect(await revisions(`${stream}-more`)).toEqual([0]);
  });
});
