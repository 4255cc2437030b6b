import { ANY, binaryEvent, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { collect, newId, newStream, nodeOnly, openStoreUnderTest, refusalOf, revisionsOf, someEvents, type StoreUnderTest } from './store-under-test.js';

const MEBIBYTE = 1024 * 1024;
const CREDENTIALS = { username: 'admin', password: 'changeit' };

let store: StoreUnderTest;

beforeAll(async () => {
  store = await openStoreUnderTest();
});

afterAll(() => store.close());

const bytes = (count: number, metadata = 0) =>
  binaryEvent({ id: newId(), type: 'T', data: new Uint8Array(count), metadata: new Uint8Array(metadata) });

/** Room for the names and numbers that travel with an event, which servers count differently. */
const SLACK = 512;

describe('the size of an append', () => {
  it.each([
    ['data', [bytes(MEBIBYTE - SLACK)]],
    ['metadata', [bytes(1, MEBIBYTE - SLACK)]],
    ['data and metadata', [bytes(MEBIBYTE / 2, MEBIBYTE / 2 - SLACK)]],
    ['many events', Array.from({ length: 64 }, () => bytes(MEBIBYTE / 64 - SLACK))],
  ])('may be almost a mebibyte of %s', async (_, events) => {
    expect(await store.client.appendToStream(newStream(), events, { expectedRevision: NO_STREAM })).toMatchObject({ success: true });
  });

  it.each([
    ['data', [bytes(MEBIBYTE + 1)]],
    ['metadata', [bytes(1, MEBIBYTE + 1)]],
    ['data and metadata', [bytes(MEBIBYTE / 2, MEBIBYTE / 2 + 1)]],
    ['many events', Array.from({ length: 65 }, () => bytes(MEBIBYTE / 64))],
  ])('is refused above a mebibyte of %s, by both roads, with the limit and without effect', async (_, events) => {
    const stream = newStream();
    for (const options of [{}, { credentials: CREDENTIALS }]) {
      const refusal = await refusalOf(store.client.appendToStream(stream, events, { expectedRevision: ANY, ...options }));
      expect(refusal).toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: MEBIBYTE });
    }
    expect((await refusalOf(collect(store.client.readStream(stream)))).type).toBe('stream-not-found');
  });

  it('is refused for the append that is too large only: the client goes on', async () => {
    const stream = newStream();
    const outcomes = await Promise.allSettled([
      store.client.appendToStream(stream, someEvents(1), { expectedRevision: NO_STREAM }),
      store.client.appendToStream(newStream(), [bytes(2 * MEBIBYTE)]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await store.client.appendToStream(stream, someEvents(1), { expectedRevision: 0n })).toMatchObject({ nextExpectedRevision: 1n });
  });

  it('may be thousands of small events, stored as one', async () => {
    const stream = newStream();
    const events = Array.from({ length: 3_000 }, () => jsonEvent({ id: newId(), type: 'T', data: {} }));
    expect(await store.client.appendToStream(stream, events, { expectedRevision: NO_STREAM })).toMatchObject({ nextExpectedRevision: 2_999n });
    expect(await revisionsOf(store.client.readStream(stream, { fromRevision: 2_990n }))).toHaveLength(10);
  });
});

describe('names', () => {
  it('of streams may have a thousand letters', async () => {
    const stream = newStream('x'.repeat(1_000));
    await store.client.appendToStream(stream, someEvents(1));
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0]);
  });

  it('of types may have a thousand letters', async () => {
    const stream = newStream();
    const type = 'x'.repeat(1_000);
    await store.client.appendToStream(stream, someEvents(1, type));
    const [read] = await collect(store.client.readStream(stream));
    expect(read?.event?.type).toBe(type);
  });

  nodeOnly('D3')('may have 4 096 bytes and no more', async () => {
    const stream = newStream();
    expect(await store.client.appendToStream(stream, someEvents(1, 'x'.repeat(4_096)))).toMatchObject({ success: true });
    await refusalOf(store.client.appendToStream(stream, someEvents(1, 'x'.repeat(4_097))));
    await refusalOf(store.client.appendToStream('x'.repeat(4_097), someEvents(1)));
  });

  nodeOnly('D3')('of types that only the node writes are refused from others', async () => {
    await refusalOf(store.client.appendToStream(newStream(), jsonEvent({ type: '$streamDeleted', data: {} })));
  });
});
