import { ANY, NO_STREAM, STREAM_EXISTS, binaryEvent, jsonEvent, type AppendExpectedRevision } from '@eventstore/db-client';
import { collect, newId, newStream, openStoreUnderTest, refusalOf, revisionsOf, someEvents, type StoreUnderTest } from './store-under-test.js';

let store: StoreUnderTest;

beforeAll(async () => {
  store = await openStoreUnderTest();
});

afterAll(() => store.close());

type Events = ReturnType<typeof someEvents>;

const append = (stream: string, events: Events, expectedRevision: AppendExpectedRevision) =>
  store.client.appendToStream(stream, events, { expectedRevision });

const conflict = async (stream: string, events: Events, expected: AppendExpectedRevision): Promise<boolean> =>
  (await refusalOf(append(stream, events, expected))).type === 'wrong-expected-version';

/** A stream whose events were appended one by one. */
async function oneByOne(count: number): Promise<{ stream: string; events: Events; results: Awaited<ReturnType<typeof append>>[] }> {
  const stream = newStream();
  const events = someEvents(count);
  const results = [];
  for (const [index, event] of events.entries()) results.push(await append(stream, [event], index === 0 ? NO_STREAM : BigInt(index - 1)));
  return { stream, events, results };
}

describe('an append at an exact revision that is behind the stream', () => {
  it('is answered with its own place, not with the end, wherever in the stream it is', async () => {
    const { stream, events, results } = await oneByOne(6);
    for (const index of [0, 2, 4]) {
      const repeated = await append(stream, events.slice(index, index + 1), index === 0 ? NO_STREAM : BigInt(index - 1));
      expect(repeated).toEqual(results[index]);
    }
    expect(await revisionsOf(store.client.readStream(stream))).toHaveLength(6);
  });

  it('is a repeat also when its ids were stored by several appends', async () => {
    const { stream, events, results } = await oneByOne(4);
    expect(await append(stream, events.slice(1, 3), 0n)).toEqual(results[2]);
  });

  it('is a repeat when it has the beginning of what was stored there', async () => {
    const { stream, events } = await oneByOne(4);
    expect(await append(stream, events.slice(0, 2), NO_STREAM)).toMatchObject({ nextExpectedRevision: 1n });
  });

  it('conflicts when its ids are there in another order', async () => {
    const { stream, events } = await oneByOne(3);
    expect(await conflict(stream, [events[1], events[0]] as Events, NO_STREAM)).toBe(true);
  });

  it('conflicts when its ids are there, one revision further', async () => {
    const { stream, events } = await oneByOne(4);
    expect(await conflict(stream, events.slice(2, 3), 0n)).toBe(true);
  });

  it('conflicts when it goes on past the end with other events', async () => {
    const { stream, events } = await oneByOne(3);
    expect(await conflict(stream, [events[2] as Events[number], ...someEvents(1)], 1n)).toBe(true);
    expect(await revisionsOf(store.client.readStream(stream))).toHaveLength(3);
  });

  it('is a repeat by its ids alone: other data is not looked at, and not stored', async () => {
    const { stream, events, results } = await oneByOne(2);
    const [first] = events;
    const other = jsonEvent({ id: first?.id as string, type: 'Other', data: { other: true } });
    expect(await append(stream, [other], NO_STREAM)).toEqual(results[0]);
    const [stored] = await collect(store.client.readStream(stream, { maxCount: 1 }));
    expect(stored?.event?.type).toBe('Tested');
  });

  it('is a repeat by an id in capitals', async () => {
    const stream = newStream();
    const id = 'abcdefab-0000-4000-8000-0000000000ff';
    const first = await append(stream, [jsonEvent({ id, type: 'T', data: {} })], NO_STREAM);
    expect(await append(stream, [jsonEvent({ id: id.toUpperCase(), type: 'T', data: {} })], NO_STREAM)).toEqual(first);
  });
});

describe('an append without an exact revision', () => {
  it.each<[string, AppendExpectedRevision]>([
    ['anything', ANY],
    ['it to exist', STREAM_EXISTS],
  ])('expecting %s conflicts when only the first of its events is known', async (_, expected) => {
    const { stream, events } = await oneByOne(2);
    expect(await conflict(stream, [events[1] as Events[number], ...someEvents(1)], expected)).toBe(true);
  });

  it('is stored when its first event is new, whatever follows', async () => {
    const { stream, events } = await oneByOne(2);
    expect(await append(stream, [...someEvents(1), events[0] as Events[number]], ANY)).toMatchObject({ nextExpectedRevision: 3n });
  });

  it('is recognised when the stream has gone on', async () => {
    const { stream, events, results } = await oneByOne(3);
    await append(stream, someEvents(5), ANY);
    expect(await append(stream, events.slice(1, 2), ANY)).toMatchObject({ nextExpectedRevision: results[1]?.nextExpectedRevision });
  });

  it('is not recognised in another stream', async () => {
    const { events } = await oneByOne(2);
    const other = newStream();
    await append(other, someEvents(1), NO_STREAM);
    expect(await append(other, events.slice(0, 1), ANY)).toMatchObject({ nextExpectedRevision: 1n });
  });
});

describe('an append', () => {
  it('after a conflict is stored at the revision the conflict named', async () => {
    const { stream } = await oneByOne(4);
    const { actualVersion } = await refusalOf(append(stream, someEvents(1), 9n));
    expect(await append(stream, someEvents(1), actualVersion as bigint)).toMatchObject({ nextExpectedRevision: 4n });
  });

  it('that conflicted leaves no trace in the stream or in $all', async () => {
    const { stream } = await oneByOne(1);
    const refused = someEvents(3);
    await refusalOf(append(stream, refused, 7n));
    const ids = new Set(refused.map(({ id }) => id));
    const last = await collect(store.client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 20 }));
    expect(last.filter(({ event }) => ids.has(event?.id ?? ''))).toEqual([]);
  });

  it('may mix events of JSON and of bytes, of several types, and keeps their order', async () => {
    const stream = newStream();
    const json = jsonEvent({ id: newId(), type: 'One', data: { a: 1 } });
    const bytes = binaryEvent({ id: newId(), type: 'Two', data: Uint8Array.from([1, 2]) });
    await store.client.appendToStream(stream, [json, bytes, jsonEvent({ type: 'Three', data: [] })], { expectedRevision: NO_STREAM });
    const read = await collect(store.client.readStream(stream));
    expect(read.map(({ event }) => [event?.type, event?.isJson])).toEqual([['One', true], ['Two', false], ['Three', true]]);
  });

  it.each(['with space', 'with/slash', 'ümläut-字-🙂', '-', 'a'.repeat(200), '{"json":1}', "quote's"])(
    'may be to a stream called %s',
    async (name) => {
      const stream = `${newStream()} ${name}`;
      await append(stream, someEvents(1), NO_STREAM);
      const [read] = await collect(store.client.readStream(stream));
      expect(read?.event?.streamId).toBe(stream);
    },
  );

  it('tells streams apart by the case of their letters', async () => {
    const stream = newStream();
    await append(stream, someEvents(1), NO_STREAM);
    expect(await append(stream.toUpperCase(), someEvents(1), NO_STREAM)).toMatchObject({ nextExpectedRevision: 0n });
  });
});
