import { NO_STREAM } from '@eventstore/db-client';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { answerOf, framed, RawConnection } from './raw-call.js';
import { collect, newStream, nodeOnly, openStoreUnderTest, refusalOf, revisionsOf, someEvents, type StoreUnderTest } from './store-under-test.js';

const DEADLINE_EXCEEDED = 4;
const CREDENTIALS = { username: 'admin', password: 'changeit' };

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

function subscription(): Buffer {
  const all = new ReadReq.Options.AllOptions();
  all.setEnd(new Empty());
  const uuids = new ReadReq.Options.UUIDOption();
  uuids.setString(new Empty());
  const options = new ReadReq.Options();
  options.setAll(all);
  options.setSubscription(new ReadReq.Options.SubscriptionOptions());
  options.setNoFilter(new Empty());
  options.setUuidOption(uuids);
  const request = new ReadReq();
  request.setOptions(options);
  return framed(request);
}

describe('a deadline', () => {
  it.each(['50m', '50000u', '50000000n'])('of %s ends a call that would go on for ever', async (timeout) => {
    const call = raw.open('Read', { 'grpc-timeout': timeout });
    call.end(subscription());
    expect(await answerOf(call)).toMatchObject({ status: DEADLINE_EXCEEDED });
  });

  it.each(['8H', '1M', '30S'])('of %s does not end a call that is answered before', async (timeout) => {
    const call = raw.open('/event_store.client.gossip.Gossip/Read', { 'grpc-timeout': timeout });
    call.end(framed(new Empty()));
    expect(await answerOf(call)).toMatchObject({ status: 0 });
  });

  it('that has passed refuses an append through the shared call, without effect', async () => {
    const stream = newStream();
    expect((await refusalOf(store.client.appendToStream(stream, someEvents(1), { deadline: -1 }))).type).toBe('deadline-exceeded');
    expect((await refusalOf(collect(store.client.readStream(stream)))).type).toBe('stream-not-found');
  });

  it('that has passed refuses an append through a call of its own, without effect', async () => {
    const stream = newStream();
    const refused = refusalOf(store.client.appendToStream(stream, someEvents(1), { deadline: -1, credentials: CREDENTIALS }));
    expect((await refused).type).toBe('deadline-exceeded');
    expect((await refusalOf(collect(store.client.readStream(stream)))).type).toBe('stream-not-found');
  });

  it('that has passed refuses a delete, without effect', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(1));
    expect((await refusalOf(store.client.deleteStream(stream, { deadline: -1 }))).type).toBe('deadline-exceeded');
    expect(await revisionsOf(store.client.readStream(stream))).toEqual([0]);
  });

  it('leaves the connection to others when it passes', async () => {
    const call = raw.open('Read', { 'grpc-timeout': '20m' });
    call.end(subscription());
    await answerOf(call);
    expect(await raw.call('/event_store.client.gossip.Gossip/Read', framed(new Empty()))).toMatchObject({ status: 0 });
  });

  nodeOnly('D2')('that cannot be read is none', async () => {
    for (const timeout of ['soon', '5', '-1m', '123456789m']) {
      const call = raw.open('/event_store.client.gossip.Gossip/Read', { 'grpc-timeout': timeout });
      call.end(framed(new Empty()));
      expect(await answerOf(call)).toMatchObject({ status: 0 });
    }
  });
});

describe('a call that is cancelled', () => {
  it('while it reads ends, and the next read is whole', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(800), { expectedRevision: NO_STREAM });
    const reading = store.client.readStream(stream);
    await new Promise((resolve) => reading.once('data', resolve));
    await reading.cancel();
    expect(await revisionsOf(store.client.readStream(stream))).toHaveLength(800);
  });

  it('while it follows gets nothing more', async () => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(1));
    const following = store.client.subscribeToStream(stream);
    const seen: bigint[] = [];
    following.on('data', ({ event }) => seen.push(event?.revision ?? -1n));
    await new Promise((resolve) => following.once('caughtUp', resolve));
    await following.unsubscribe();
    await store.client.appendToStream(stream, someEvents(3));
    expect(await revisionsOf(store.client.readStream(stream))).toHaveLength(4);
    expect(seen).toEqual([0n]);
  });

  it('by breaking its connection troubles no other connection', async () => {
    const breaking = new RawConnection(store);
    const calls = Array.from({ length: 20 }, () => breaking.open('Read'));
    for (const call of calls) call.end(subscription());
    await Promise.all(calls.map((call) => new Promise((resolve) => call.once('response', resolve))));
    breaking.close();
    expect(await store.client.appendToStream(newStream(), someEvents(1))).toMatchObject({ success: true });
  });

  it('before it has sent anything has no effect', async () => {
    const call = raw.open('Append');
    call.close();
    expect(await raw.call('/event_store.client.gossip.Gossip/Read', framed(new Empty()))).toMatchObject({ status: 0 });
  });
});
