import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent, START } from '@eventstore/db-client';
import {
  EsdbStore,
  NO_EVENTS,
  OutcomeUnknownError,
  StoreUnavailableError,
  type EventStore,
  type NewEvent,
  type RecordedEvent,
} from '@daybook/eventsourcing';
import { systemTimers } from '@daybook/platform';
import { startEventStoreNode, type EventStoreNode } from '../../apps/eventstore/src/index.js';
import { startFaultyNode, type FaultyNode } from './faulty-node.js';

/** What a server in trouble looks like: to the official client, and to everybody behind the adapter. */
const STREAM = 's-1';
let directory: string;
let faulty: FaultyNode;

beforeEach(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-faults-'));
  faulty = await startFaultyNode(directory);
});

afterEach(async () => {
  await faulty.node.stop();
  await fs.rm(directory, { recursive: true, force: true });
});

describe('the official client', () => {
  let client: EventStoreDBClient;
  beforeEach(() => {
    client = EventStoreDBClient.connectionString(urlOf(faulty.node));
  });
  afterEach(() => client.dispose());

  it('is told that a server is unavailable, for appends that run and for reads that come', async () => {
    await client.appendToStream(STREAM, jsonEvent({ type: 'T', data: {} }));
    await faulty.order({ kind: 'delay-answers', milliseconds: 60_000 });
    const running = client.appendToStream(STREAM, jsonEvent({ type: 'T', data: {} })).catch(typeOf);
    await seenBySubscriber(client, 2);
    await faulty.order({ kind: 'unavailable' });

    expect(await running).toBe('unavailable');
    expect(await seenBySubscriber(client, 1).catch(typeOf)).toBe('unavailable');
  });

  it('is told that another node leads, and where', async () => {
    await client.appendToStream(STREAM, jsonEvent({ type: 'T', data: {} }));
    await faulty.order({ kind: 'not-leader' });
    const refusal: unknown = await client.appendToStream(STREAM, jsonEvent({ type: 'T', data: {} })).catch((error: unknown) => error);

    expect(refusal).toMatchObject({ type: 'not-leader', leader: { address: '127.0.0.1', port: faulty.node.port } });
  });

  it.each([
    ['error', 'error'],
    ['end', 'end'],
  ] as const)('loses its subscriptions with an %s', async (how, event) => {
    const subscription = client.subscribeToAll({ fromPosition: START });
    const over = new Promise<string>((resolve) => {
      subscription.on('data', () => undefined);
      subscription.once('error', () => resolve('error'));
      subscription.once('end', () => resolve('end'));
    });
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    await faulty.order({ kind: 'drop-readers', how });

    expect(await over).toBe(event);
  });
});

describe('the adapter', () => {
  let store: EventStore;
  beforeEach(() => {
    store = new EsdbStore({ url: urlOf(faulty.node), timers: systemTimers });
  });
  afterEach(() => store.close());

  it('calls an append unknown whose answer is late, and finds it written when it asks again', async () => {
    const [first, second] = [event(), event()];
    await store.append(STREAM, [first], NO_EVENTS);
    await faulty.order({ kind: 'delay-answers', milliseconds: 1_000 });
    await expect(store.append(STREAM, [second], 0n, { deadlineMs: 100 })).rejects.toBeInstanceOf(OutcomeUnknownError);
    await faulty.order({ kind: 'heal' });

    expect(await eventually(() => store.append(STREAM, [second], 0n))).toMatchObject({ revision: 1n });
    expect(await idsStored()).toEqual([first.id, second.id]);
  });

  it.each(['silence', 'break'] as const)('calls an append unknown whose answer is lost by %s: a repeat stores nothing twice', async (how) => {
    const [first, second] = [event(), event()];
    await store.append(STREAM, [first], NO_EVENTS);
    await faulty.order({ kind: 'lose-answers', count: 1, how });
    await expect(store.append(STREAM, [second], 0n, { deadlineMs: 300 })).rejects.toBeInstanceOf(OutcomeUnknownError);

    expect(await eventually(() => store.append(STREAM, [second], 0n))).toMatchObject({ revision: 1n });
    expect(await idsStored()).toEqual([first.id, second.id]);
  });

  it('refuses definitely once it knows that the server is unavailable, and goes on when that is over', async () => {
    await store.append(STREAM, [event()], NO_EVENTS);
    await faulty.order({ kind: 'unavailable' });
    await store.append(STREAM, [event()], 0n).catch((error: unknown) => error);
    await expect(store.append(STREAM, [event()], 0n)).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(idsStored()).rejects.toBeInstanceOf(StoreUnavailableError);
    await faulty.order({ kind: 'heal' });

    const { revision } = await eventually(() => store.append(STREAM, [event()], 0n));
    expect(await idsStored()).toHaveLength(Number(revision) + 1);
  });

  it('takes a lost leader for unknown, writes nothing there, and goes on when there is one', async () => {
    await store.append(STREAM, [event()], NO_EVENTS);
    await faulty.order({ kind: 'not-leader' });
    await expect(store.append(STREAM, [event()], 0n)).rejects.toBeInstanceOf(OutcomeUnknownError);
    await faulty.order({ kind: 'heal' });
    const next = event();

    expect(await eventually(() => store.append(STREAM, [next], 0n))).toMatchObject({ revision: 1n });
    expect((await idsStored()).at(-1)).toBe(next.id);
  });

  it.each(['error', 'end'] as const)('reports a subscription dropped with an %s, which goes on from its place without a gap', async (how) => {
    const written = Array.from({ length: 6 }, () => event());
    await store.append(STREAM, written.slice(0, 3), NO_EVENTS);
    const seen: RecordedEvent[] = [];
    const dropped = (async () => {
      for await (const message of follow()) {
        if (message.kind === 'event') seen.push(message.event);
        if (message.kind === 'caught-up') await faulty.order({ kind: 'drop-readers', how });
      }
    })();
    await expect(dropped).rejects.toBeInstanceOf(StoreUnavailableError);
    await eventually(() => store.append(STREAM, written.slice(3), 2n));
    await eventually(async () => {
      for await (const message of follow(seen.at(-1)?.position)) {
        if (message.kind === 'event') seen.push(message.event);
        if (seen.length === 6) break;
      }
    });

    expect(seen.map(({ id }) => id)).toEqual(written.map(({ id }) => id));
  });

  function follow(after?: bigint): ReturnType<EventStore['subscribe']> {
    const { signal } = new AbortController();
    return store.subscribe({ streamPrefixes: [STREAM], signal, ...(after !== undefined && { after }) });
  }

  async function idsStored(): Promise<string[]> {
    const ids: string[] = [];
    for await (const { id } of store.readStream(STREAM)) ids.push(id);
    return ids;
  }
});

describe('a node that was not started for faults', () => {
  it('takes no orders', async () => {
    const plain = path.join(directory, 'plain');
    const messages: unknown[] = [];
    const node = await startEventStoreNode({ dir: plain, onMessage: (message) => messages.push(message), args: ['--scrub-mib', '0'] });
    const store = new EsdbStore({ url: urlOf(node), timers: systemTimers });
    node.order({ kind: 'unavailable' });
    await store.append(STREAM, [event()], NO_EVENTS);
    await store.append(STREAM, [event()], 0n);
    await store.close();
    await node.stop();

    expect(messages).toEqual([]);
  });
});

function urlOf(node: EventStoreNode): string {
  return `esdb://127.0.0.1:${node.port}?tls=false`;
}

function event(): NewEvent {
  return { id: randomUUID(), type: 'Happened', data: {}, metadata: {} };
}

function typeOf(error: unknown): unknown {
  return (error as { type?: unknown }).type;
}

async function seenBySubscriber(client: EventStoreDBClient, count: number): Promise<void> {
  let seen = 0;
  for await (const { event: recorded } of client.subscribeToStream(STREAM)) {
    if (recorded) seen += 1;
    if (seen === count) return;
  }
}

/** Asks again while the outcome is unknown or the store away, as everybody behind the port does. */
async function eventually<Result>(action: () => Promise<Result>): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      const again = error instanceof OutcomeUnknownError || error instanceof StoreUnavailableError;
      if (!again || attempt === 100) throw error;
      await systemTimers.sleep(50);
    }
  }
}
