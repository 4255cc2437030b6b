import { EventStoreDBClient, NO_STREAM } from '@eventstore/db-client';
import { ClusterInfo, MemberInfo } from '@eventstore/db-client/generated/gossip_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { framed, messagesOf, RawConnection } from './raw-call.js';
import { newStream, nodeOnly, openStoreUnderTest, revisionsOf, someEvents, type StoreUnderTest } from './store-under-test.js';

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

async function features(): Promise<SupportedMethods> {
  const path = '/event_store.client.server_features.ServerFeatures/GetSupportedMethods';
  const { status, body } = await raw.call(path, framed(new Empty()));
  expect(status).toBe(0);
  return SupportedMethods.deserializeBinary(messagesOf(body)[0] as Uint8Array);
}

async function members(): Promise<MemberInfo[]> {
  const { status, body } = await raw.call('/event_store.client.gossip.Gossip/Read', framed(new Empty()));
  expect(status).toBe(0);
  return ClusterInfo.deserializeBinary(messagesOf(body)[0] as Uint8Array).getMembersList();
}

describe('the features a server names', () => {
  it('include everything a program with streams needs, in lower case', async () => {
    const listed = (await features()).getMethodsList().map((method) => `${method.getServiceName()}/${method.getMethodName()}`);
    const needed = ['append', 'batchappend', 'read', 'delete', 'tombstone'].map((name) => `event_store.client.streams.streams/${name}`);
    expect(listed).toEqual(expect.arrayContaining(needed));
    expect(listed.every((name) => name === name.toLowerCase())).toBe(true);
  });

  it('come with a version that clients can read', async () => {
    expect((await features()).getEventStoreServerVersion()).toMatch(/^\d+\.\d+\.\d+/);
  });

  nodeOnly('D5')('are exactly what is served: each is answered, and nothing else', async () => {
    const listed = (await features()).getMethodsList();
    const names = listed.map((method) => `${method.getServiceName()}/${method.getMethodName()}`);
    const others = ['gossip.gossip/read', 'server_features.serverfeatures/getsupportedmethods'].map((name) => `event_store.client.${name}`);
    expect(names.filter((name) => !name.startsWith('event_store.client.streams.')).sort()).toEqual(others);
    for (const method of ['Append', 'BatchAppend', 'Read', 'Delete', 'Tombstone']) {
      expect((await raw.call(method, Buffer.alloc(5))).status).not.toBe(UNIMPLEMENTED);
    }
  });

  nodeOnly('D5')('say that it is a stand-in', async () => {
    expect((await features()).getEventStoreServerVersion()).toContain('standin');
  });
});

describe('gossip', () => {
  it('names one live leader', async () => {
    const leaders = (await members()).filter((member) => member.getIsAlive() && member.getState() === MemberInfo.VNodeState.LEADER);
    expect(leaders).toHaveLength(1);
  });

  it('names members by an address and a port', async () => {
    for (const member of await members()) {
      expect(member.getHttpEndPoint()?.getAddress()).toBeTruthy();
      expect(member.getHttpEndPoint()?.getPort()).toBeGreaterThan(0);
    }
  });

  it('says the same member each time it is asked', async () => {
    const idsOf = async (): Promise<(string | undefined)[]> => (await members()).map((member) => member.getInstanceId()?.getString());
    expect(await idsOf()).toEqual(await idsOf());
  });
});

describe('a client that looks for the cluster first', () => {
  it.each(['leader', 'random', 'follower'])('reads what another has written, preferring %s', async (preference) => {
    const stream = newStream();
    await store.client.appendToStream(stream, someEvents(3), { expectedRevision: NO_STREAM });
    const { host, protocol } = new URL(store.endpoint);
    const discovering = EventStoreDBClient.connectionString(
      `esdb+discover://${host}?tls=${protocol === 'https:'}&nodePreference=${preference}`,
    );
    expect(await revisionsOf(discovering.readStream(stream))).toEqual([0, 1, 2]);
    await discovering.dispose();
  });
});
