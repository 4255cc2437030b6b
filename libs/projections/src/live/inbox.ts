import type { RecordedEvent, SubscriptionMessage } from '@daybook/eventsourcing';
import type { IncomingEvent } from '../audit.js';
import type { DeliveryOrder } from './delivery-order.js';

export interface InboxLimits {
  readonly eventsMax: number;
  readonly bytesMax: number;
}

/** What is there at once: events, and the position they and the store's checkpoints lead to. */
export interface Delivery {
  readonly events: readonly IncomingEvent[];
  /** Everything at or before it has been delivered; null when nothing new has. */
  readonly position: bigint | null;
  readonly caughtUp: boolean;
}

type Arrival =
  | { readonly kind: 'event'; readonly incoming: IncomingEvent }
  | { readonly kind: 'checkpoint'; readonly position: bigint }
  | { readonly kind: 'caught-up' };

/** The subscription ended although nobody asked it to. */
export class SubscriptionEndedError extends Error {
  override readonly name = 'SubscriptionEndedError';
}

/**
 * Reads a subscription ahead while the batch before is being written, one message at a time and never more than the
 * limits; so a batch is whatever came in meanwhile. A failure of the subscription, or an event nobody knows, is told
 * only after everything before it has been taken.
 */
export class Inbox {
  private arrivals: Arrival[] = [];
  private events = 0;
  private bytes = 0;
  private failure: { readonly error: unknown } | null = null;
  private closed = false;
  private taken = (): void => undefined;

  constructor(
    messages: AsyncIterable<SubscriptionMessage>,
    private readonly order: DeliveryOrder,
    private readonly incomingOf: (event: RecordedEvent) => IncomingEvent,
    private readonly limits: InboxLimits,
    /** Called when there is something to take or to tell. */
    private readonly arrived: () => void,
  ) {
    void this.pump(messages);
  }

  get waiting(): number {
    return this.events;
  }

  /** The recorded time of the oldest event not yet taken. */
  get oldest(): RecordedEvent | undefined {
    const first = this.arrivals.find((arrival) => arrival.kind === 'event');
    return first?.kind === 'event' ? first.incoming.event : undefined;
  }

  get isFull(): boolean {
    return this.events >= this.limits.eventsMax || this.bytes >= this.limits.bytesMax;
  }

  get isEmpty(): boolean {
    return this.arrivals.length === 0 && this.failure === null;
  }

  take(eventsMax: number): Delivery {
    if (this.arrivals.length === 0 && this.failure !== null) throw this.failure.error;
    const events: IncomingEvent[] = [];
    let position: bigint | null = null;
    let caughtUp = false;
    let count = 0;
    for (const arrival of this.arrivals) {
      if (arrival.kind === 'event') {
        if (events.length === eventsMax) break;
        events.push(arrival.incoming);
        position = arrival.incoming.event.position;
        this.bytes -= bytesOf(arrival.incoming);
      } else if (arrival.kind === 'checkpoint') {
        position = arrival.position;
      } else {
        caughtUp = true;
      }
      count += 1;
    }
    this.arrivals = this.arrivals.slice(count);
    this.events -= events.length;
    if (!this.isFull) this.taken();
    return { events, position, caughtUp };
  }

  close(): void {
    this.closed = true;
    this.taken();
  }

  private async pump(messages: AsyncIterable<SubscriptionMessage>): Promise<void> {
    try {
      for await (const message of messages) {
        if (this.closed) return;
        this.put(message);
        if (this.isFull) await new Promise<void>((resolve) => (this.taken = resolve));
      }
      throw new SubscriptionEndedError('the subscription ended by itself');
    } catch (error) {
      this.failure = { error };
      this.arrived();
    }
  }

  private put(message: SubscriptionMessage): void {
    if (message.kind === 'event') {
      if (!this.order.accepts(message.event)) return;
      const incoming = this.incomingOf(message.event);
      this.arrivals.push({ kind: 'event', incoming });
      this.events += 1;
      this.bytes += bytesOf(incoming);
    } else {
      this.arrivals.push(message);
    }
    this.arrived();
  }
}

function bytesOf({ data, metadata }: IncomingEvent): number {
  return data.length + metadata.length;
}
