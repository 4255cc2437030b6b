import {
  AppendRefusedError,
  NO_EVENTS,
  StoreUnavailableError,
  WrongExpectedRevisionError,
  type EventStore,
  type JsonObject,
  type NewEvent,
  type RecordedEvent,
  type SubscriptionMessage,
} from './store.js';

/**
 * What every event store behind the port promises. The log is shared by all tests of a run, as a real server's is: each
 * test works in streams of its own and expects other events between its own.
 */
export interface StoreUnderTest {
  /** Opens a store on the same log; the suite closes it. */
  open(): EventStore;
  uuid(): string;
}

const MEBIBYTE = 1_048_576;

export function describeEventStore(name: string, underTest: StoreUnderTest): void {
  let store: EventStore;
  let stream: string;

  beforeEach(() => {
    store = underTest.open();
    stream = `contract-${underTest.uuid()}`;
  });

  afterEach(async () => {
    await store.close();
  });

  function event(data: JsonObject = {}, given: Partial<NewEvent> = {}): NewEvent {
    return { id: underTest.uuid(), type: 'Happened', data, metadata: { by: 'contract' }, ...given };
  }

  function events(count: number): NewEvent[] {
    return Array.from({ length: count }, (_, number) => event({ number }));
  }

  async function stored(of = stream): Promise<RecordedEvent[]> {
    return collect(store.readStream(of));
  }

  function ids(of: readonly { readonly id: string }[]): string[] {
    return of.map(({ id }) => id);
  }

  describe(`${name}: an append`, () => {
    it('answers the revision and position of its last event', async () => {
      const result = await store.append(stream, events(3), NO_EVENTS);
      const last = (await stored()).at(-1);

      expect(result).toEqual({ revision: 2n, position: last?.position });
    });

    it('keeps id, type, data, metadata and order', async () => {
      const written = [event({ a: 1 }, { type: 'First' }), event({ b: [true, null] }, { type: 'Second', metadata: {} })];
      await store.append(stream, written, NO_EVENTS);

      expect(await stored()).toMatchObject(written.map((one, index) => ({ ...one, stream, revision: BigInt(index) })));
    });

    it('gives back JSON exactly as it was', async () => {
      const scalars = { text: 'ä€𝄞 \u0000 "\\', none: null, yes: true };
      const data = { ...scalars, deep: [{ a: [1, [2.5, -3e-7]] }], empty: {}, list: [] };
      await store.append(stream, [event(data, { metadata: data })], NO_EVENTS);

      expect(await stored()).toMatchObject([{ data, metadata: data }]);
    });

    it('is not changed by what its writer or a reader does to the objects later', async () => {
      const data = { list: [1] };
      await store.append(stream, [event(data)], NO_EVENTS);
      data.list.push(2);
      for (const read of await stored()) read.data['list'] = 'gone';

      expect(await stored()).toMatchObject([{ data: { list: [1] } }]);
    });

    it('follows on the revision before it', async () => {
      const first = await store.append(stream, events(2), NO_EVENTS);
      const second = await store.append(stream, events(1), first.revision);

      expect(second.revision).toBe(2n);
      expect(second.position).toBeGreaterThan(first.position);
    });

    it.each([
      ['a stream that does not exist, expected to', 0, 4n, -1n],
      ['a stream that exists, expected not to', 2, NO_EVENTS, 1n],
      ['a revision that has passed', 3, 1n, 2n],
      ['a revision still to come', 1, 5n, 0n],
    ])('is refused for %s, with the revision there is', async (_, existing, expected, actual) => {
      if (existing > 0) await store.append(stream, events(existing), NO_EVENTS);
      const refused = store.append(stream, events(1), expected);

      await expect(refused).rejects.toBeInstanceOf(WrongExpectedRevisionError);
      await expect(refused).rejects.toMatchObject({ stream, expected, actual });
      expect(await stored()).toHaveLength(existing);
    });

    it('has one winner when several expect the same revision', async () => {
      const rivals = await Promise.allSettled(
        Array.from({ length: 8 }, () => store.append(stream, events(2), NO_EVENTS)),
      );

      expect(rivals.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await stored()).toHaveLength(2);
    });

    it('of equal ids at an equal revision is the same append, whatever came later', async () => {
      const written = events(2);
      const first = await store.append(stream, written, NO_EVENTS);
      const again = await store.append(stream, written, NO_EVENTS);
      await store.append(stream, events(1), first.revision);
      const muchLater = await store.append(stream, written, NO_EVENTS);

      expect([again, muchLater]).toEqual([first, first]);
      expect(await stored()).toHaveLength(3);
    });

    it('of equal ids in the middle of a stream is the same append', async () => {
      const before = await store.append(stream, events(3), NO_EVENTS);
      const written = events(2);
      const first = await store.append(stream, written, before.revision);
      await store.append(stream, events(2), first.revision);

      expect(await store.append(stream, written, before.revision)).toEqual(first);
    });

    it('that begins with equal ids and goes on with others is refused', async () => {
      const written = events(2);
      await store.append(stream, written, NO_EVENTS);
      const [first] = written;

      for (const other of [[...written, event()], [first as NewEvent, event()]]) {
        await expect(store.append(stream, other, NO_EVENTS)).rejects.toBeInstanceOf(WrongExpectedRevisionError);
      }
      expect(ids(await stored())).toEqual(ids(written));
    });

    it('of an id that is in the stream already is another event at a later revision', async () => {
      const written = event();
      const first = await store.append(stream, [written], NO_EVENTS);
      await store.append(stream, [written], first.revision);

      expect(ids(await stored())).toEqual([written.id, written.id]);
    });

    it('does not look at the ids of other streams', async () => {
      const written = events(1);
      await store.append(stream, written, NO_EVENTS);

      expect(await store.append(`${stream}-other`, written, NO_EVENTS)).toMatchObject({ revision: 0n });
    });

    const sameId = { id: '0198c0de-0000-4000-8000-000000000000' };
    it.each<[string, () => readonly NewEvent[], string | undefined, bigint | undefined]>([
      ['no event', () => [], undefined, undefined],
      ['more than a mebibyte in one event', () => [event({ text: 'x'.repeat(MEBIBYTE) })], undefined, undefined],
      ['more than a mebibyte in all', () => [1, 2, 3].map(() => event({ text: 'x'.repeat(400_000) })), undefined, undefined],
      ['more than a mebibyte of wide characters', () => [event({ text: '€'.repeat(400_000) })], undefined, undefined],
      ['a stream of the system', () => [event()], '$mine', undefined],
      ['a stream without a name', () => [event()], '', undefined],
      ['a type of the system', () => [event({}, { type: '$type' })], undefined, undefined],
      ['an id that is no UUID', () => [event({}, { id: 'one' })], undefined, undefined],
      ['an id in capitals', () => [event({}, { id: underTest.uuid().toUpperCase() })], undefined, undefined],
      ['one id twice', () => [event({}, sameId), event({}, sameId)], undefined, undefined],
      ['a revision no stream has', () => [event()], undefined, -2n],
    ])('is refused for %s', async (_, written, into = stream, expected = NO_EVENTS) => {
      await expect(store.append(into, written(), expected)).rejects.toBeInstanceOf(AppendRefusedError);
      expect(await stored()).toEqual([]);
    });

    it.each<[string, unknown]>([
      ['undefined', { a: undefined }],
      ['not a number', { a: Number.NaN }],
      ['infinity', { a: [Infinity] }],
      ['a bigint', { a: 1n }],
      ['a date', { a: new Date(0) }],
      ['a function', { a: () => 1 }],
      ['a map', { a: new Map() }],
      ['bytes', { a: Buffer.from('a') }],
      ['a hole in a list', { a: new Array<number>(2) }],
      ['a list instead of an object', [1]],
    ])('is refused for %s, which JSON would change', async (_, data) => {
      const notJson = data as JsonObject;

      await expect(store.append(stream, [event(notJson)], NO_EVENTS)).rejects.toBeInstanceOf(AppendRefusedError);
      await expect(store.append(stream, [event({}, { metadata: notJson })], NO_EVENTS)).rejects.toBeInstanceOf(
        AppendRefusedError,
      );
    });

    it('may be almost a mebibyte', async () => {
      const text = 'x'.repeat(MEBIBYTE - 10_000);
      await store.append(stream, [event({ text })], NO_EVENTS);

      expect((await stored())[0]?.data['text']).toHaveLength(text.length);
    });
  });

  describe(`${name}: a stream`, () => {
    it('that does not exist reads as empty, in both directions', async () => {
      expect(await stored()).toEqual([]);
      expect(await collect(store.readStream(stream, { direction: 'backwards' }))).toEqual([]);
    });

    it.each([
      ['from a revision, inclusive', { from: 2n }, [2, 3, 4]],
      ['up to a count', { maxCount: 2 }, [0, 1]],
      ['from a revision up to a count', { from: 1n, maxCount: 2 }, [1, 2]],
      ['not at all beyond its end', { from: 5n }, []],
      ['backwards from its end', { direction: 'backwards' }, [4, 3, 2, 1, 0]],
      ['backwards from a revision, inclusive', { direction: 'backwards', from: 2n }, [2, 1, 0]],
      ['backwards up to a count', { direction: 'backwards', maxCount: 1 }, [4]],
      ['not at all for a count of zero', { maxCount: 0 }, []],
    ] as const)('is read %s', async (_, options, expected) => {
      await store.append(stream, events(5), NO_EVENTS);
      const read = await collect(store.readStream(stream, options));

      expect(read.map(({ data }) => data['number'])).toEqual(expected);
    });

    it('can be left before its end', async () => {
      await store.append(stream, events(50), NO_EVENTS);
      let first: RecordedEvent | undefined;
      for await (const read of store.readStream(stream)) {
        first = read;
        break;
      }

      expect(first?.revision).toBe(0n);
      expect(await stored()).toHaveLength(50);
    });
  });

  describe(`${name}: the log`, () => {
    it('has all streams in one rising order', async () => {
      const start = await store.append(stream, events(1), NO_EVENTS);
      await store.append(`${stream}-a`, events(2), NO_EVENTS);
      await store.append(`${stream}-b`, events(1), NO_EVENTS);
      await store.append(`${stream}-a`, events(1), 1n);
      const own = (await collect(store.readAll({ after: start.position }))).filter((one) => one.stream.startsWith(stream));

      expect(own.map((one) => one.stream.slice(stream.length))).toEqual(['-a', '-a', '-b', '-a']);
      expect(isRising(own)).toBe(true);
    });

    it('is read behind a position, exclusively in both directions, up to a count', async () => {
      await store.append(stream, events(5), NO_EVENTS);
      const [first, second, third, fourth, last] = await stored();
      const forwards = await collect(store.readAll({ after: first?.position ?? 0n, maxCount: 2 }));
      const backwards = await collect(store.readAll({ after: last?.position ?? 0n, direction: 'backwards', maxCount: 2 }));

      expect(ids(forwards)).toEqual([second?.id, third?.id]);
      expect(ids(backwards)).toEqual([fourth?.id, third?.id]);
    });

    it('never shows events of the system', async () => {
      await store.append(stream, events(1), NO_EVENTS);
      const all = await collect(store.readAll());

      expect(all.length).toBeGreaterThan(0);
      expect(all.filter((one) => one.stream.startsWith('$') || one.type.startsWith('$'))).toEqual([]);
    });

    it('finds the event at a position, and nothing at any other', async () => {
      await store.append(stream, events(2), NO_EVENTS);
      const [first, second] = await stored();

      expect(await store.eventAt(second?.position ?? 0n)).toEqual(second);
      expect(await store.eventAt((first?.position ?? 0n) + 1n)).toBeNull();
      expect(await store.eventAt((second?.position ?? 0n) + 1_000_000n)).toBeNull();
    });
  });

  describe(`${name}: a subscription`, () => {
    it('delivers history, says so, and goes on with what comes', async () => {
      await store.append(stream, events(3), NO_EVENTS);
      const seen: string[] = [];
      for await (const message of subscribe([stream])) {
        if (message.kind === 'event') seen.push(String(message.event.data['number']));
        if (message.kind === 'caught-up' && !seen.includes('caught up')) {
          seen.push('caught up');
          await store.append(stream, [event({ number: 'live' })], 2n);
        }
        if (seen.includes('live')) break;
      }

      expect(seen).toEqual(['0', '1', '2', 'caught up', 'live']);
    });

    it('starts behind a position', async () => {
      await store.append(stream, events(4), NO_EVENTS);
      const written = await stored();

      expect(ids(await history(subscribe([stream], written[1]?.position)))).toEqual(ids(written.slice(2)));
    });

    it('is for streams with one of its prefixes only', async () => {
      await store.append(`${stream}-a`, events(1), NO_EVENTS);
      await store.append(`${stream}-b`, events(1), NO_EVENTS);
      await store.append(`${stream}-c`, events(1), NO_EVENTS);
      const seen = await history(subscribe([`${stream}-a`, `${stream}-c`]));

      expect(seen.map((one) => one.stream)).toEqual([`${stream}-a`, `${stream}-c`]);
    });

    it('names its place while it delivers nothing', async () => {
      const { position } = await store.append(`${stream}-mine`, events(1), NO_EVENTS);
      const others = await store.append(`${stream}-other`, events(200), NO_EVENTS);
      let place = 0n;
      for await (const message of subscribe([`${stream}-mine`], position)) {
        if (message.kind === 'checkpoint') place = message.position;
        if (message.kind === 'caught-up') break;
      }

      expect(place).toBeGreaterThan(position);
      expect(place).toBeLessThanOrEqual(others.position);
    });

    it('can be resumed from the place it named', async () => {
      await store.append(`${stream}-other`, events(100), NO_EVENTS);
      let place: bigint | undefined;
      for await (const message of subscribe([`${stream}-mine`])) {
        if (message.kind === 'checkpoint') place = message.position;
        if (message.kind === 'caught-up') break;
      }
      await store.append(`${stream}-mine`, events(2), NO_EVENTS);

      expect(await history(subscribe([`${stream}-mine`], place))).toHaveLength(2);
    });

    it('names no place before every event up to it was taken, however slow the taker', async () => {
      await store.append(stream, events(300), NO_EVENTS);
      const written = await stored();
      const taken: bigint[] = [];
      for await (const message of subscribe([stream])) {
        if (message.kind === 'event') taken.push(message.event.position);
        if (message.kind === 'checkpoint') {
          const due = written.filter(({ position }) => position <= message.position);
          expect(taken).toHaveLength(due.length);
        }
        if (taken.length % 16 === 0) await store.readStream(stream, { maxCount: 1 })[Symbol.asyncIterator]().next();
        if (message.kind === 'caught-up') break;
      }

      expect(taken).toEqual(written.map(({ position }) => position));
    });

    it('shows an append whole and in order to everybody', async () => {
      const everybody = [1, 2].map(() => take(subscribe([stream]), 6));
      await store.append(stream, events(3), NO_EVENTS);
      await store.append(stream, events(3), 2n);

      for (const seen of await Promise.all(everybody)) {
        expect(seen.map(({ revision }) => revision)).toEqual([0n, 1n, 2n, 3n, 4n, 5n]);
      }
    });

    it('ends by its signal and in no other way', async () => {
      const ending = new AbortController();
      let messages = 0;
      for await (const message of store.subscribe({ streamPrefixes: [stream], signal: ending.signal })) {
        messages += 1;
        if (message.kind === 'caught-up') ending.abort();
      }

      expect(messages).toBeGreaterThan(0);
      expect(await collect(store.subscribe({ streamPrefixes: [stream], signal: ending.signal }))).toEqual([]);
    });
  });

  describe(`${name}: a closed store`, () => {
    it('cannot be asked', async () => {
      await store.append(stream, events(1), NO_EVENTS);
      await store.close();

      await expect(store.append(stream, events(1), 0n)).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(stored()).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(collect(store.readAll())).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(store.eventAt(0n)).rejects.toBeInstanceOf(StoreUnavailableError);
      await expect(collect(subscribe([stream]))).rejects.toBeInstanceOf(StoreUnavailableError);
    });

    it('breaks off its subscriptions', async () => {
      const broken = (async () => {
        for await (const message of subscribe([stream])) if (message.kind === 'caught-up') await store.close();
      })();

      await expect(broken).rejects.toBeInstanceOf(StoreUnavailableError);
    });
  });

  function subscribe(streamPrefixes: readonly string[], after?: bigint): AsyncIterable<SubscriptionMessage> {
    return store.subscribe({ streamPrefixes, signal: new AbortController().signal, ...(after !== undefined && { after }) });
  }
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The events a subscription delivers until it has caught up. */
async function history(messages: AsyncIterable<SubscriptionMessage>): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = [];
  for await (const message of messages) {
    if (message.kind === 'caught-up') break;
    if (message.kind === 'event') seen.push(message.event);
  }
  return seen;
}

async function take(messages: AsyncIterable<SubscriptionMessage>, count: number): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = [];
  for await (const message of messages) {
    if (message.kind === 'event') seen.push(message.event);
    if (seen.length === count) break;
  }
  return seen;
}

function isRising(events: readonly RecordedEvent[]): boolean {
  return events.every(({ position }, index) => index === 0 || position > (events[index - 1]?.position ?? 0n));
}
