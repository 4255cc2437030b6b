import type { RecordedEvent } from '@daybook/eventsourcing';
import { DeliveryGapError, DeliveryOrder } from './delivery-order.js';

const event = (stream: string, revision: number, position: number): RecordedEvent => ({
  id: `${stream}-${revision}`,
  type: 'Noted',
  data: {},
  metadata: {},
  stream,
  revision: BigInt(revision),
  position: BigInt(position),
});

describe('the order of a delivery', () => {
  it('takes a stream up wherever the subscription starts, and positions with gaps', () => {
    const order = new DeliveryOrder(100n);
    expect([event('a', 7, 200), event('b', 0, 300), event('a', 8, 1_000)].map((one) => order.accepts(one))).toEqual([true, true, true]);
  });

  it('recognises what was delivered before, in this subscription and before it', () => {
    const order = new DeliveryOrder(100n);
    order.accepts(event('a', 7, 200));
    expect(order.accepts(event('a', 7, 200))).toBe(false);
    expect(order.accepts(event('a', 6, 100))).toBe(false);
  });

  it('ends at an event that was left out of its stream, and names it', () => {
    const order = new DeliveryOrder(0n);
    order.accepts(event('a', 0, 10));
    const attempt = (): boolean => order.accepts(event('a', 2, 30));
    expect(attempt).toThrow(DeliveryGapError);
    expect(attempt).toThrow(expect.objectContaining({ stream: 'a', missing: 1n }));
  });

  it('ends at an event that comes late', () => {
    const order = new DeliveryOrder(0n);
    order.accepts(event('a', 0, 10));
    order.accepts(event('b', 0, 30));
    expect(() => order.accepts(event('a', 1, 20))).toThrow(DeliveryGapError);
  });
});
