import { BACKWARDS, END, FORWARDS, START, type AllStreamResolvedEvent } from '@eventstore/db-client';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { framed, messagesOf, RawConnection } from './raw-call.js';
import { collect, newStream, openStoreUnderTest, someEvents, type StoreUnderTest } from './store-under-test.js';

let store: StoreUnderTest;
let raw: RawConnection;
/** Appends of one to four events to three streams, and where each was answered to be. */
let places: { readonly position: bigint; readonly events: number }[];
let streams: string[];

beforeAll(async () => {
  store = await openStoreUnderTest();
  raw = new RawConnection(store);
  places = [];
  streams = [newStream('first'), newStream('second'), newStream('third')];
  for (let append = 0; append < 12; append += 1) {
    const events = 1 + (append % 4);
    const { position } = await store.client.appendToStream(streams[append % 3] as string, someEvents(events));
    places.push({ position: position?.commit as bigint, events });
  }
});

afterAll(async () => {
  raw.close();
  await store.close();
});

const at = (commit: bigint) => ({ commit, prepare: commit });
const place = (index: number): bigint => places.at(index)?.position as bigint;
const positionsOf = (events: AllStreamResolvedEvent[]): bigint[] => events.map(({ event }) => event?.position.commit as bigint);

/** All events of the appends above, forwards. */
async function ours(): Promise<AllStreamResolvedEvent[]> {
  const all = (await collect(store.client.readAll())) as AllStreamResolvedEvent[];
  return all.filter(({ event }) => streams.includes(event?.streamId ?? ''));
}

/** The bytes of $all from one of our positions on. */
async function bytesFrom(position: bigint, count: number): Promise<Buffer> {
  const from = new ReadReq.Options.Position();
  from.setCommitPosition(String(position));
  from.setPreparePosition(String(position));
  const all = new ReadReq.Options.AllOptions();
  all.setPosition(from);
  const uuids = new ReadReq.Options.UUIDOption();
  uuids.setString(new Empty());
  const options = new ReadReq.Options();
  options.setAll(all);
  options.setCount(String(count));
  options.setNoFilter(new Empty());
  options.setUuidOption(uuids);
  const request = new ReadReq();
  request.setOptions(options);
  const { status, body } = await raw.call('Read', framed(request));
  expect(status).toBe(0);
  return body;
}

describe('positions', () => {
  it('rise with every append, across streams', () => {
    const all = places.map(({ position }) => position);
    expect(all).toEqual([...all].sort((one, other) => (one < other ? -1 : 1)));
    expect(new Set(all).size).toBe(all.length);
  });

  it('that an append was answered with are those of its last event', async () => {
    const positions = new Set(positionsOf(await ours()));
    expect(places.every(({ position }) => positions.has(position))).toBe(true);
  });

  it('have the same two halves', async () => {
    for (const { event } of await ours()) expect(event?.position.prepare).toBe(event?.position.commit);
  });

  it('name one event for ever, whatever is appended later', async () => {
    const [before] = await collect(store.client.readAll({ fromPosition: at(place(5)), maxCount: 1 }));
    await store.client.appendToStream(newStream(), someEvents(20));
    const [after] = await collect(store.client.readAll({ fromPosition: at(place(5)), maxCount: 1 }));
    expect(after).toEqual(before);
  });

  it('of the events of one append follow each other', async () => {
    const events = await ours();
    const positions = positionsOf(events);
    const all = positionsOf((await collect(store.client.readAll())) as AllStreamResolvedEvent[]);
    for (const { position, events: count } of places.slice(0, 4)) {
      const [inOurs, inAll] = [positions.indexOf(position), all.indexOf(position)];
      expect(all.slice(inAll - count + 1, inAll + 1)).toEqual(positions.slice(inOurs - count + 1, inOurs + 1));
    }
  });
});

describe('a range of $all', () => {
  it.each([1, 3, 7])('read in pages of %i is the range read at once', async (size) => {
    const [first, last] = [place(0), place(-1)];
    const upToLast = (positions: bigint[]): bigint[] => positions.filter((position) => position <= last);
    const read = async (from: bigint, maxCount: number): Promise<bigint[]> =>
      positionsOf((await collect(store.client.readAll({ fromPosition: at(from), maxCount }))) as AllStreamResolvedEvent[]);
    const whole = upToLast(await read(first, 10_000));
    const paged = await read(first, size);
    while ((paged.at(-1) as bigint) < last) paged.push(...(await read(paged.at(-1) as bigint, size + 1)).slice(1));
    expect(upToLast(paged)).toEqual(whole);
  });

  it('is the same byte for byte whenever it is read', async () => {
    const first = await bytesFrom(place(0), 20);
    await store.client.appendToStream(streams[0] as string, someEvents(5));
    expect((await bytesFrom(place(0), 20)).equals(first)).toBe(true);
    expect(messagesOf(first)).toHaveLength(20);
  });

  it('has the bytes of each event whatever the range begins with', async () => {
    const long = messagesOf(await bytesFrom(place(0), 8));
    const short = messagesOf(await bytesFrom(place(1), 1));
    const found = long.some((message) => Buffer.from(message).equals(short[0] as Uint8Array));
    expect(found).toBe(true);
  });

  it('is read backwards in the opposite order', async () => {
    const forwards = positionsOf((await collect(store.client.readAll({ fromPosition: at(place(2)), maxCount: 6 }))) as AllStreamResolvedEvent[]);
    const last = forwards.at(-1) as bigint;
    const backwards = positionsOf(
      (await collect(store.client.readAll({ direction: BACKWARDS, fromPosition: at(last), maxCount: 5 }))) as AllStreamResolvedEvent[],
    );
    expect(backwards).toEqual(forwards.slice(0, -1).reverse());
  });

  it('ends where its count says', async () => {
    for (const maxCount of [1, 2, 5]) {
      expect(await collect(store.client.readAll({ fromPosition: at(place(0)), maxCount }))).toHaveLength(maxCount);
      expect(await collect(store.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount }))).toHaveLength(maxCount);
    }
  });

  it('begins at the first event of the log from the start, in both spellings', async () => {
    const [byName] = await collect(store.client.readAll({ fromPosition: START, direction: FORWARDS, maxCount: 1 }));
    const [byNumber] = await collect(store.client.readAll({ fromPosition: at(0n), maxCount: 1 }));
    expect(byNumber?.event?.position).toEqual(byName?.event?.position);
  });

  it('has system events, which a reader must leave out itself', async () => {
    const all = await collect(store.client.readAll({ maxCount: 5 }));
    expect(all.some(({ event }) => event?.type.startsWith('$'))).toBe(true);
  });
});

describe('a stream', () => {
  it('has the order of $all', async () => {
    for (const stream of streams) {
      const read = (await collect(store.client.readStream(stream))).map(({ event }) => event?.id);
      const inAll = (await ours()).filter(({ event }) => event?.streamId === stream).map(({ event }) => event?.id);
      expect(read).toEqual(inAll);
    }
  });

  it('shows each event with the position $all shows it at', async () => {
    const byId = new Map((await ours()).map(({ event }) => [event?.id, event?.position]));
    for (const { event } of await collect(store.client.readStream(streams[1] as string))) {
      expect(event?.position).toEqual(byId.get(event?.id));
    }
  });
});
