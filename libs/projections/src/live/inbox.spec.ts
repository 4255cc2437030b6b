import type { RecordedEvent, SubscriptionMessage } from '@daybook/eventsourcing';
import { toyGroup } from '../../../../test/support/projections/toy-group.js';
import { toyLog } from '../../../../test/support/projections/toy-log.js';
import { incomingEvents } from '../fold-in-memory.js';
import { DeliveryOrder } from './delivery-order.js';
import { Inbox } from './inbox.js';

const A = '00000000-0000-4000-8000-00000000000a';

describe('reading ahead', () => {
  let pulled: number;
  let end: () => void;

  const opened = (events: readonly RecordedEvent[], eventsMax: number): Inbox => {
    pulled = 0;
    const held = new Promise<void>((resolve) => (end = resolve));
    async function* messages(): AsyncIterable<SubscriptionMessage> {
      for (const event of events) {
        pulled += 1;
        yield { kind: 'event', event };
      }
      yield { kind: 'caught-up' };
      await held;
    }
    const limits = { eventsMax, bytesMax: 1e6 };
    return new Inbox(messages(), new DeliveryOrder(-1n), incomingEvents(toyGroup), limits, () => undefined);
  };
  const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('never holds more than its limit, however much the store has', async () => {
    const inbox = opened(await toyLog().noted(A).noted(A).noted(A).noted(A).noted(A).events(), 2);
    await settle();
    expect([pulled, inbox.waiting, inbox.isFull]).toEqual([2, 2, true]);
    expect(inbox.take(1).events).toHaveLength(1);
    await settle();
    expect([pulled, inbox.waiting]).toEqual([3, 2]);
    inbox.close();
    end();
  });

  it('says that it has caught up only together with everything before', async () => {
    const inbox = opened(await toyLog().noted(A).noted(A).events(), 10);
    await settle();
    expect(inbox.take(1)).toMatchObject({ events: { length: 1 }, caughtUp: false });
    expect(inbox.take(10)).toMatchObject({ events: { length: 1 }, caughtUp: true });
    inbox.close();
    end();
  });

  it('tells of the end of the subscription only after what came before it', async () => {
    const inbox = opened(await toyLog().noted(A).events(), 10);
    end();
    await settle();
    expect(inbox.take(10).events).toHaveLength(1);
    expect(() => inbox.take(10)).toThrow('the subscription ended by itself');
  });
});
