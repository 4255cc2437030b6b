import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EsdbStore,
  NO_EVENTS,
  OutcomeUnknownError,
  StoreFullError,
  StoreUnavailableError,
  type EventStore,
  type NewEvent,
  type RecordedEvent,
} from '@daybook/eventsourcing';
import { systemTimers } from '@daybook/platform';
import { startEventStoreNode, type EventStoreNode } from '../../apps/eventstore/src/index.js';

/** What @eventstore/db-client 6.2.1 gets wrong, one test each: none of it may reach anybody behind the adapter. */
let directory: string;
let node: EventStoreNode;
let store: EventStore;
let stream: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daybook-defects-'));
  node = await startEventStoreNode({ dir: directory, port: 0 });
  store = open();
  stream = `defects-${randomUUID()}`;
});

afterEach(async () => {
  await store.close();
  thaw();
  await node.stop();
  rmSync(directory, { recursive: true });
});

describe('the adapter makes up for a client', () => {
  it('whose instances destroy the pending appends of each other: a process appends through one store', async () => {
    await store.append(stream, [event()], NO_EVENTS);
    const second = open();

    await expect(second.append(stream, [event()], 0n)).rejects.toThrow('one store');
    expect(await collect(second.readStream(stream))).toHaveLength(1);
    await store.close();
    await expect(second.append(stream, [event()], 0n)).resolves.toMatchObject({ revision: 1n });
    await second.close();
  });

  it('whose deadline does not hold for appends: a frozen server leaves an outcome unknown, in time', async () => {
    await store.append(stream, [event()], NO_EVENTS);
    const frozen = event();
    freeze();
    const startedAt = performance.now();

    await expect(store.append(stream, [frozen], 0n, { deadlineMs: 300 })).rejects.toBeInstanceOf(OutcomeUnknownError);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    thaw();
    await expect(eventually(() => store.append(stream, [frozen], 0n))).resolves.toMatchObject({ revision: 1n });
    expect(await collect(store.readStream(stream))).toHaveLength(2);
  });

  it('that calls every conflict a success at revision 1 when told not to throw: it is never told so', () => {
    const url = `esdb://127.0.0.1:${node.port}?tls=false&throwOnAppendFailure=false`;

    expect(() => new EsdbStore({ url, timers: systemTimers })).toThrow('must throw');
  });

  it('that stalls when a checkpoint is not taken: one that comes too late is dropped', async () => {
    for (let batch = 0; batch < 4; batch += 1) {
      await store.append(`other-${stream}`, Array.from({ length: 200 }, event), BigInt(batch * 200 - 1));
    }
    for (let left = 0; left < 5; left += 1) {
      for await (const message of subscribe()) if (message.kind === 'checkpoint') break;
    }

    expect(await collect(store.readStream(`other-${stream}`))).toHaveLength(800);
  });

  it('that fails without a name while the server is down: unknown in doubt, unavailable once nothing is sent', async () => {
    await store.append(stream, [event()], NO_EVENTS);
    await kill();
    const first = await store.append(stream, [event()], 0n, { deadlineMs: 1_000 }).catch((error: unknown) => error);

    expect([OutcomeUnknownError, StoreUnavailableError]).toContain((first as Error).constructor);
    const second = store.append(stream, [event()], 0n, { deadlineMs: 1_000 });
    await expect(second).rejects.toBeInstanceOf(StoreUnavailableError);
    await restart();
  });

  it('that resumes no subscription: the iteration rejects, and goes on from its place after a restart', async () => {
    await store.append(stream, [event(), event()], NO_EVENTS);
    const seen: RecordedEvent[] = [];
    const broken = (async () => {
      for await (const message of subscribe()) {
        if (message.kind === 'event') seen.push(message.event);
        if (message.kind === 'caught-up') await kill();
      }
    })();

    await expect(broken).rejects.toBeInstanceOf(StoreUnavailableError);
    await restart();
    await eventually(() => store.append(stream, [event()], 1n));
    const after = seen.at(-1)?.position;
    await eventually(async () => {
      for await (const message of subscribe(after)) {
        if (message.kind === 'event') seen.push(message.event);
        if (seen.length === 3) break;
      }
    });
    expect(seen.map(({ revision }) => revision)).toEqual([0n, 1n, 2n]);
  });

  it('whose reads have no deadline: a frozen server is not waited for', async () => {
    await store.append(stream, [event()], NO_EVENTS);
    freeze();
    const startedAt = performance.now();

    await expect(collect(store.readStream(stream, { deadlineMs: 300 }))).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('that ends the process when more appends wait unsent than its buffer holds: no more are given to it', async () => {
    await store.append(stream, [event()], NO_EVENTS);
    freeze();
    const appends = Array.from({ length: 60 }, (_, number) =>
      store.append(`${stream}-${number}`, [event({ text: 'x'.repeat(900_000) })], NO_EVENTS, { deadlineMs: 500 }),
    );
    const outcomes = await Promise.allSettled(appends);
    await kill();
    await restart();

    const names = outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as Error).name : 'stored'));
    expect(new Set(names)).toEqual(new Set(['OutcomeUnknownError', 'StoreUnavailableError']));
    const later = await eventually(() => store.append(`${stream}-later`, [event()], NO_EVENTS));
    expect(later).toMatchObject({ revision: 0n });
  });

  it('that waits for the end of a read nobody takes: closing is not held up', async () => {
    await store.append(stream, Array.from({ length: 500 }, () => event()), NO_EVENTS);
    for await (const read of store.readStream(stream)) if (read.revision === 3n) break;
    const startedAt = performance.now();
    await store.close();

    expect(performance.now() - startedAt).toBeLessThan(800);
  });

  it('that has no name for a full disk: the append is refused as such and reads go on', async () => {
    await store.append(stream, [event()], NO_EVENTS);
    await node.stop();
    await restart(['--reserve-mib', String(2 ** 30)]);

    await expect(eventually(() => store.append(stream, [event()], 0n))).rejects.toBeInstanceOf(StoreFullError);
    expect(await collect(store.readStream(stream))).toHaveLength(1);
  });

  it('that keeps a broken connection: the same store goes on after kill -9 and a restart', async () => {
    const written: NewEvent[] = [];
    for (let round = 0; round < 3; round += 1) {
      const next = event({ round });
      written.push(next);
      await eventually(() => store.append(stream, [next], BigInt(round - 1)));
      await kill();
      await restart();
    }

    const read = await eventually(() => collect(store.readStream(stream)));
    expect(read.map(({ id }) => id)).toEqual(written.map(({ id }) => id));
  });
});

function open(): EventStore {
  return new EsdbStore({ url: `esdb://127.0.0.1:${node.port}?tls=false`, timers: systemTimers });
}

function event(data: NewEvent['data'] = {}): NewEvent {
  return { id: randomUUID(), type: 'Happened', data, metadata: {} };
}

function subscribe(after?: bigint): ReturnType<EventStore['subscribe']> {
  const signal = new AbortController().signal;
  return store.subscribe({ streamPrefixes: [stream], signal, ...(after !== undefined && { after }) });
}

function freeze(): void {
  process.kill(node.pid, 'SIGSTOP');
}

function thaw(): void {
  process.kill(node.pid, 'SIGCONT');
}

async function kill(): Promise<void> {
  process.kill(node.pid, 'SIGKILL');
  await node.exited;
}

async function restart(args: readonly string[] = []): Promise<void> {
  node = await startEventStoreNode({ dir: directory, port: node.port, args });
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

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
