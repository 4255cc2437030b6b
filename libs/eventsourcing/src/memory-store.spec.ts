import { randomUUID } from 'node:crypto';
import { MemoryStore } from './memory-store.js';
import { describeEventStore } from './store.contract.js';

describeEventStore('in memory', { open: () => new MemoryStore(), uuid: () => randomUUID() });

describe('the memory store', () => {
  const event = (number: number) => ({ id: randomUUID(), type: 'Happened', data: { number }, metadata: {} });

  it('understands only positions it has issued, as the server does', async () => {
    const store = new MemoryStore();
    const { position } = await store.append('stream-1', [event(1), event(2)], -1n);
    const read = async (after: bigint) => {
      for await (const one of store.readAll({ after })) void one;
    };

    await expect(read(position - 1n)).rejects.toBeInstanceOf(RangeError);
    await expect(read(0n)).rejects.toBeInstanceOf(RangeError);
    await expect(read(position + 1_000n)).resolves.toBeUndefined();
  });

  it('has gaps between positions', async () => {
    const store = new MemoryStore();
    await store.append('stream-1', [event(1), event(2)], -1n);
    const [first, second] = store.contents();

    expect((second?.position ?? 0n) - (first?.position ?? 0n)).toBeGreaterThan(1n);
  });

  it('can go back, and then says nothing to those who have seen more', async () => {
    const store = new MemoryStore();
    const first = await store.append('stream-1', [event(1)], -1n);
    const second = await store.append('stream-1', [event(2)], 0n);
    store.goBackTo(first.position);

    expect(await store.eventAt(second.position)).toBeNull();
    expect(store.contents()).toHaveLength(1);
  });

  it('can drop its subscriptions, which then reject', async () => {
    const store = new MemoryStore();
    const broken = (async () => {
      for await (const message of store.subscribe({ streamPrefixes: ['s'], signal: new AbortController().signal })) {
        if (message.kind === 'caught-up') store.dropSubscriptions();
      }
    })();

    await expect(broken).rejects.toThrow('dropped');
  });
});
