import { ANY, BACKWARDS, END, NO_STREAM, STREAM_EXISTS, binaryEvent, jsonEvent, type AppendExpectedRevision } from '@eventstore/db-client';
import { collect, newId, newStream, openStoreUnderTest, refusalOf, revisionsOf, someEvents, type StoreUnderTest } from './store-under-test.js';

let store: StoreUnderTest;

beforeAll(async () => {
  store = await openStoreUnderTest();
});

afterAll(() => store.close());

/** Credentials on a call make the client use one RPC an append; without them all appends share one. */
const ROADS = [
  ['through the shared batch call', {}],
  ['through a call of its own', { credentials: { username: 'admin', password: 'changeit' } }],
] as const;

async function streamOf(count: number): Promise<{ stream: string; events: ReturnType<typeof someEvents> }> {
  const stream = newStream();
  const events = someEvents(count);
  await store.client.appendToStream(stream, events, { expectedRevision: NO_STREAM });
  return { stream, events };
}

async function softDeletedStreamOf(count: number): Promise<{ stream: string; events: ReturnType<typeof someEvents> }> {
  const made = await streamOf(count);
  await store.client.deleteStream(made.stream);
  return made;
}

describe.each(ROADS)('an append %s', (_, options) => {
  const append = (stream: string, events: ReturnType<typeof someEvents>, expectedRevision: AppendExpectedRevision) =>
    store.client.appendToStream(stream, events, { expectedRevision, ...options });

  it.each<[string, AppendExpectedRevision]>([
    ['no stream', NO_STREAM],
    ['anything', ANY],
  ])('to a new stream is accepted when it expects %s', async (_name, expected) => {
    const result = await append(newStream(), someEvents(3), expected);
    expect(result).toMatchObject({ success: true, nextExpectedRevision: 2n });
    expect(result.position?.commit).toBeGreaterThan(0n);
  });

  it.each<[string, AppendExpectedRevision]>([
    ['its last revision', 2n],
    ['anything', ANY],
    ['it to exist', STREAM_EXISTS],
  ])('to a stream is accepted when it expects %s', async (_name, expected) => {
    const { stream } = await streamOf(3);
    expect(await append(stream, someEvents(2), expected)).toMatchObject({ nextExpectedRevision: 4n });
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0, 1, 2, 3, 4]);
  });

  it.each<[string, AppendExpectedRevision]>([
    ['no stream', NO_STREAM],
    ['an earlier revision', 1n],
    ['a later revision', 3n],
  ])('to a stream conflicts when it expects %s, and says what is there', async (_name, expected) => {
    const { stream } = await streamOf(3);
    expect(await refusalOf(append(stream, someEvents(1), expected))).toMatchObject({
      type: 'wrong-expected-version',
      streamName: stream,
      actualVersion: 2n,
      expectedVersion: expected,
    });
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0, 1, 2]);
  });

  it.each<[string, AppendExpectedRevision]>([
    ['a revision', 0n],
    ['it to exist', STREAM_EXISTS],
  ])('to a stream without events conflicts when it expects %s', async (_name, expected) => {
    expect(await refusalOf(append(newStream(), someEvents(1), expected))).toMatchObject({
      type: 'wrong-expected-version',
      actualVersion: 'no_stream',
      expectedVersion: expected,
    });
  });

  it('repeated with the same ids and the same exact revision is answered as it was the first time', async () => {
    const { stream } = await streamOf(1);
    const events = someEvents(2);
    const first = await append(stream, events, 0n);
    await append(stream, someEvents(3), 2n);
    expect(await append(stream, events, 0n)).toEqual(first);
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('repeated is answered as it was the first time when it created the stream', async () => {
    const stream = newStream();
    const events = someEvents(2);
    const first = await append(stream, events, NO_STREAM);
    expect(await append(stream, events, NO_STREAM)).toEqual(first);
  });

  it('repeated only in part is a conflict', async () => {
    const { stream, events } = await streamOf(3);
    const [first] = events;
    const mixed = [first as (typeof events)[number], ...someEvents(1)];
    expect((await refusalOf(append(stream, mixed, NO_STREAM))).type).toBe('wrong-expected-version');
    const longer = [...events, ...someEvents(1)];
    expect((await refusalOf(append(stream, longer, NO_STREAM))).type).toBe('wrong-expected-version');
  });

  it('repeated soon without an exact revision is recognised by its ids', async () => {
    const { stream } = await streamOf(1);
    const events = someEvents(2);
    const first = await append(stream, events, ANY);
    expect(await append(stream, events, ANY)).toEqual(first);
    expect(await append(stream, events, STREAM_EXISTS)).toEqual(first);
  });

  it('with the ids of earlier events is stored again at a later exact revision', async () => {
    const { stream, events } = await streamOf(2);
    await append(stream, events, 1n);
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0, 1, 2, 3]);
  });

  it('with the ids of another stream is stored, whatever it expects', async () => {
    const { events } = await streamOf(2);
    const other = newStream();
    await append(other, events, ANY);
    expect(await revisionsOf(store.client.readStream(other))).toEqual([0, 1]);
  });

  it('without events succeeds when its expectation holds', async () => {
    const { stream } = await streamOf(2);
    expect(await append(stream, [], 1n)).toMatchObject({ success: true, nextExpectedRevision: 1n });
    expect(await append(stream, [], ANY)).toMatchObject({ success: true });
    expect(await append(newStream(), [], NO_STREAM)).toMatchObject({ success: true });
  });

  it('without events conflicts when the stream has moved on', async () => {
    const { stream } = await streamOf(2);
    expect((await refusalOf(append(stream, [], 0n))).type).toBe('wrong-expected-version');
    expect((await refusalOf(append(stream, [], NO_STREAM))).type).toBe('wrong-expected-version');
  });

  it('to a tombstoned stream is refused, whatever it expects', async () => {
    const { stream } = await streamOf(2);
    await store.client.tombstoneStream(stream);
    for (const expected of [ANY, NO_STREAM, STREAM_EXISTS, 1n] as const) {
      expect(await refusalOf(append(stream, someEvents(1), expected))).toMatchObject({
        type: 'stream-deleted',
        streamName: stream,
      });
    }
  });

  it.each<[string, AppendExpectedRevision]>([
    ['anything', ANY],
    ['no stream', NO_STREAM],
    ['the last revision', 1n],
  ])('opens a soft-deleted stream again, numbering on, when it expects %s', async (_name, expected) => {
    const { stream } = await softDeletedStreamOf(2);
    expect(await append(stream, someEvents(2), expected)).toMatchObject({ nextExpectedRevision: 3n });
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([2, 3]);
    expect((await store.client.getStreamMetadata(stream)).metadata).toMatchObject({ truncateBefore: 2 });
  });

  it('to a soft-deleted stream that is to exist is told that it is deleted', async () => {
    const { stream } = await softDeletedStreamOf(2);
    expect((await refusalOf(append(stream, someEvents(1), STREAM_EXISTS))).type).toBe('stream-deleted');
  });

  it('to a soft-deleted stream at an earlier revision conflicts', async () => {
    const { stream } = await softDeletedStreamOf(2);
    expect((await refusalOf(append(stream, someEvents(1), 0n))).type).toBe('wrong-expected-version');
  });

  it('to a stream with nothing but metadata is accepted when it is to exist', async () => {
    const stream = newStream();
    await store.client.setStreamMetadata(stream, { maxCount: 5 });
    expect(await append(stream, someEvents(1), STREAM_EXISTS)).toMatchObject({ nextExpectedRevision: 0n });
  });

  it('is refused as too large above 1 MiB of types, data and metadata together', async () => {
    const halves = (bytes: number) => [0, 1].map(() => jsonEvent({ type: 't', data: 'x'.repeat(bytes / 2) }));
    const limit = 1024 * 1024;
    expect(await refusalOf(append(newStream(), halves(limit), ANY))).toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: limit,
    });
    expect(await append(newStream(), halves(limit - 8), ANY)).toMatchObject({ success: true });
  });
});

describe('an event', () => {
  it('comes back as it was sent: json, with metadata', async () => {
    const stream = newStream('zeichen-ß-字');
    const id = newId();
    const data = { text: 'äöü € 🙂', number: 1.5, nested: [null, true] };
    await store.client.appendToStream(stream, jsonEvent({ id, type: 'Käse', data, metadata: { of: 'me' } }));
    const [read] = await collect(store.client.readStream(stream));
    expect(read?.event).toMatchObject({ id, streamId: stream, type: 'Käse', data, metadata: { of: 'me' }, isJson: true, revision: 0n });
  });

  it('comes back as it was sent: bytes, with bytes as metadata', async () => {
    const stream = newStream();
    const data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const metadata = Uint8Array.from([0, 255, 128]);
    await store.client.appendToStream(stream, binaryEvent({ type: 'Bytes', data, metadata }));
    const [read] = await collect(store.client.readStream(stream));
    expect(read?.event).toMatchObject({ isJson: false, type: 'Bytes' });
    expect(Buffer.from(read?.event?.data as Uint8Array)).toEqual(Buffer.from(data));
    expect(Buffer.from(read?.event?.metadata as Uint8Array)).toEqual(Buffer.from(metadata));
  });

  it('may have neither data nor metadata', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, binaryEvent({ type: 'Empty', data: new Uint8Array() }));
    const [read] = await collect(store.client.readStream(stream));
    expect(read?.event).toMatchObject({ type: 'Empty', metadata: undefined });
  });

  it('is dated by the server and placed where the append said', async () => {
    const stream = newStream();
    const before = Date.now();
    const result = await store.client.appendToStream(stream, someEvents(2));
    const [, last] = await collect(store.client.readStream(stream));
    expect(last?.event?.created.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(last?.event?.position).toEqual(result.position);
    expect(last?.commitPosition).toBe(result.position?.commit);
  });
});

describe('appends at the same time', () => {
  it('let exactly one of many win at the same revision', async () => {
    const { stream } = await streamOf(1);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => store.client.appendToStream(stream, someEvents(1), { expectedRevision: 0n })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0, 1]);
  });

  it('stay whole: the events of one append are neighbours in the log', async () => {
    const streams = Array.from({ length: 10 }, () => newStream());
    const results = await Promise.all(streams.map((stream) => store.client.appendToStream(stream, someEvents(10))));
    const last = results.reduce((most, { position }) => (position && position.commit > most ? position.commit : most), 0n);
    const events = await collect(
      store.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 100 }),
    );
    expect(events[0]?.event?.position?.commit).toBe(last);
    const runs = events.map(({ event }) => event?.streamId).filter((stream, at, all) => stream !== all[at - 1]);
    expect(runs).toHaveLength(10);
  });

  it('are all answered when one of them is refused', async () => {
    const { stream } = await streamOf(1);
    const [fine, conflict, tooLarge] = await Promise.allSettled([
      store.client.appendToStream(newStream(), someEvents(1)),
      store.client.appendToStream(stream, someEvents(1), { expectedRevision: 9n }),
      store.client.appendToStream(newStream(), jsonEvent({ type: 't', data: 'x'.repeat(2_000_000) })),
    ]);
    expect([fine.status, conflict.status, tooLarge.status]).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('may be sent in many pieces', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(500), { expectedRevision: NO_STREAM, batchAppendSize: 600 });
    expect(await revisionsOf(store.client.readStream(stream))).toHaveLength(500);
  });
});
