import fc from 'fast-check';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { AppendReq, BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { jsonEvent } from '@eventstore/db-client';
import { answerOf, framed, RawConnection } from './raw-call.js';
import { collect, newId, newStream, nodeOnly, openStoreUnderTest, refusalOf, revisionsOf, someEvents, type StoreUnderTest } from './store-under-test.js';

const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;
const UNIMPLEMENTED = 12;

let store: StoreUnderTest;
let raw: RawConnection;

beforeAll(async () => {
  store = await openStoreUnderTest();
  raw = new RawConnection(store);
});

afterAll(async () => {
  raw.close();
  await store.close();
});

function identifier(stream: string): StreamIdentifier {
  const result = new StreamIdentifier();
  result.setStreamName(Buffer.from(stream).toString('base64'));
  return result;
}

function structuredUuid(): UUID {
  const uuid = new UUID();
  uuid.setStructured(new UUID.Structured());
  return uuid;
}

function stringUuid(): UUID {
  const uuid = new UUID();
  uuid.setString(newId());
  return uuid;
}

function appendOptions(stream: string): AppendReq {
  const options = new AppendReq.Options();
  options.setStreamIdentifier(identifier(stream));
  options.setAny(new Empty());
  const request = new AppendReq();
  request.setOptions(options);
  return request;
}

function proposed(id: UUID, metadata: Record<string, string>): AppendReq {
  const message = new AppendReq.ProposedMessage();
  message.setId(id);
  for (const [key, value] of Object.entries(metadata)) message.getMetadataMap().set(key, value);
  const request = new AppendReq();
  request.setProposedMessage(message);
  return request;
}

const TYPED = { type: 'T', 'content-type': 'application/json' };

describe('what is not served', () => {
  nodeOnly('D1').each([
    '/event_store.client.persistent_subscriptions.PersistentSubscriptions/Read',
    '/event_store.client.projections.Projections/Create',
    '/event_store.client.users.Users/Create',
    '/event_store.client.operations.Operations/StartScavenge',
    '/event_store.client.monitoring.Monitoring/Stats',
    '/event_store.client.streams.Streams/Unheard',
    '/',
  ])('%s is unimplemented', async (path) => {
    expect(await raw.call(path, Buffer.alloc(5))).toMatchObject({ status: UNIMPLEMENTED });
  });

  nodeOnly('D1')('surfaces in the client as an unknown error, code 12', async () => {
    const attempt = store.client.restartSubsystem();
    expect(await refusalOf(attempt)).toMatchObject({ type: expect.stringMatching(/unknown|unsupported/) });
  });
});

describe('a request that is not well formed is refused, and the node goes on', () => {
  nodeOnly('D2').each<[string, string, Buffer]>([
    ['no message at all', 'Read', Buffer.alloc(0)],
    ['half a message', 'Read', Buffer.from([0, 0, 0, 0, 9, 1, 2])],
    ['a message cut inside a field', 'Read', Buffer.from([0, 0, 0, 0, 2, 0x0a, 0x50])],
    ['an empty read', 'Read', Buffer.alloc(5)],
    ['an empty append', 'Append', Buffer.alloc(5)],
    ['an empty delete', 'Delete', Buffer.alloc(5)],
    ['a batch append without a correlation id', 'BatchAppend', Buffer.alloc(5)],
    ['events before options', 'Append', framed(proposed(stringUuid(), TYPED))],
  ])('%s', async (_, method, sent) => {
    expect(await raw.call(method, sent)).toMatchObject({ status: INVALID_ARGUMENT });
  });

  nodeOnly('D2')('a compressed message', async () => {
    expect(await raw.call('Read', Buffer.from([1, 0, 0, 0, 0]))).toMatchObject({ status: UNIMPLEMENTED });
  });

  nodeOnly('D2')('a message larger than a client could receive, before it arrives', async () => {
    const header = Buffer.alloc(5);
    header.writeUInt32BE(17 * 1024 * 1024 + 1, 1);
    expect(await raw.call('Append', header)).toMatchObject({ status: RESOURCE_EXHAUSTED });
  });

  nodeOnly('D2')('structured UUIDs in events', async () => {
    const stream = newStream();
    const sent = Buffer.concat([framed(appendOptions(stream)), framed(proposed(structuredUuid(), TYPED))]);
    expect(await raw.call('Append', sent)).toMatchObject({ status: INVALID_ARGUMENT });
    expect((await refusalOf(collect(store.client.readStream(stream)))).type).toBe('stream-not-found');
  });

  nodeOnly('D2')('structured UUIDs wished for in a read', async () => {
    const uuids = new ReadReq.Options.UUIDOption();
    uuids.setStructured(new Empty());
    const all = new ReadReq.Options.AllOptions();
    all.setStart(new Empty());
    const options = new ReadReq.Options();
    options.setAll(all);
    options.setCount('1');
    options.setUuidOption(uuids);
    const request = new ReadReq();
    request.setOptions(options);
    expect(await raw.call('Read', framed(request))).toMatchObject({ status: INVALID_ARGUMENT });
  });

  it('an event without its type', async () => {
    const sent = Buffer.concat([framed(appendOptions(newStream())), framed(proposed(stringUuid(), { type: 'T' }))]);
    expect(await raw.call('Append', sent)).toMatchObject({ status: INVALID_ARGUMENT });
  });

  nodeOnly('D2')('any noise, on any call', async () => {
    const methods = fc.constantFrom('Read', 'Append', 'BatchAppend', 'Delete', 'Tombstone');
    await fc.assert(
      fc.asyncProperty(methods, fc.uint8Array({ maxLength: 60 }), fc.boolean(), async (method, noise, asMessage) => {
        const body = Buffer.from(noise);
        const header = Buffer.alloc(5);
        header.writeUInt32BE(body.length, 1);
        const { status } = await raw.call(method, asMessage ? Buffer.concat([header, body]) : body);
        expect([0, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED]).toContain(status);
      }),
      { numRuns: 150 },
    );
    expect(await store.client.appendToStream(newStream(), someEvents(1))).toMatchObject({ success: true });
  });
});

describe('one append of a batch call that cannot be read', () => {
  nodeOnly('D3')('is refused by itself; the others on the call are answered', async () => {
    const [empty, longName, tombstone, fine] = await Promise.allSettled([
      store.client.appendToStream('', someEvents(1)),
      store.client.appendToStream('x'.repeat(5_000), someEvents(1)),
      store.client.appendToStream(newStream(), jsonEvent({ type: '$streamDeleted', data: {} })),
      store.client.appendToStream(newStream(), someEvents(1)),
    ]);
    expect([empty.status, longName.status, tombstone.status, fine.status]).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
    expect(String((tombstone as PromiseRejectedResult).reason.message)).toContain('only the node writes');
  });

  it('is told when its deadline had passed before it was begun', async () => {
    const stream = newStream();
    expect((await refusalOf(store.client.appendToStream(stream, someEvents(1), { deadline: -1_000 }))).type).toBe('deadline-exceeded');
    expect((await refusalOf(collect(store.client.readStream(stream)))).type).toBe('stream-not-found');
  });

  it('is answered on the call of its client even when the call is closed right behind it', async () => {
    const stream = newStream();
    const options = new BatchAppendReq.Options();
    options.setStreamIdentifier(identifier(stream));
    options.setNoStream(new Empty());
    const event = new BatchAppendReq.ProposedMessage();
    event.setId(stringUuid());
    event.getMetadataMap().set('type', 'T').set('content-type', 'application/json');
    const request = new BatchAppendReq();
    request.setCorrelationId(stringUuid());
    request.setOptions(options);
    request.setProposedMessagesList([event]);
    request.setIsFinal(true);
    const { status, body } = await raw.call('BatchAppend', framed(request));
    expect(status).toBe(0);
    expect(BatchAppendResp.deserializeBinary(new Uint8Array(body.subarray(5))).getSuccess()?.getCurrentRevision()).toBe('0');
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0]);
  });
});

describe('deadlines and cancellation', () => {
  it('a call ends at its deadline', async () => {
    const stream = raw.open('BatchAppend', { 'grpc-timeout': '30m' });
    expect(await answerOf(stream)).toMatchObject({ status: DEADLINE_EXCEEDED });
  });

  it('an append whose connection breaks before its end is not begun', async () => {
    const stream = newStream();
    const breaking = new RawConnection(store);
    const call = breaking.open('Append');
    const sent = Buffer.concat([framed(appendOptions(stream)), framed(proposed(stringUuid(), TYPED))]);
    await new Promise((resolve) => call.write(sent, resolve));
    breaking.close();
    await store.client.appendToStream(newStream(), someEvents(1));
    expect((await refusalOf(collect(store.client.readStream(stream)))).type).toBe('stream-not-found');
  });

  it('many subscribers that leave at once trouble nobody', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(50));
    const leaving = Array.from({ length: 50 }, () => store.client.subscribeToStream(stream));
    await Promise.all(leaving.map((one) => new Promise((resolve) => one.once('data', resolve))));
    await Promise.all(leaving.map((one) => one.unsubscribe()));
    expect(await store.client.appendToStream(stream, someEvents(1), { expectedRevision: 49n })).toMatchObject({ success: true });
  });
});
