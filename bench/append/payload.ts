import { randomUUID } from 'node:crypto';

/** 291 bytes of data and 66 of metadata, the same for everybody. */
export const PAYLOAD = {
  type: 'TransactionRecorded',
  data: {
    transactionId: '018f2f6e-7b1c-8a51-b2d3-5a3c1a9f0b17',
    date: '2026-04-01',
    amount: { minor: 12_345, currency: 'EUR' },
    category: 'groceries',
    lines: [
      { category: 'groceries', minor: 10_000 },
      { category: 'household', minor: 2_345 },
    ],
    note: 'x'.repeat(53),
  },
  metadata: { commandId: '018f2f6e-7b1c-7a51-b2d3-5a3c1a9f0b17', n: 123_456_789 },
} as const;

/** What an event of this size takes on the node's disk, its record and its share of a batch included. */
export const STORED_BYTES = 640;

const EVENTS_IN_STREAM = 20;

/** A writer's streams: one after the other, each of a bounded length, none shared with another writer. */
export class WriterStreams {
  private readonly streams: { name: string; events: number }[] = [];

  /** The stream to append to next and how many events it has; whoever takes it appends one. */
  next(writer: number): { readonly stream: string; readonly events: number } {
    let stream = this.streams[writer];
    if (stream === undefined || stream.events === EVENTS_IN_STREAM) {
      stream = { name: randomUUID(), events: 0 };
      this.streams[writer] = stream;
    }
    const { name, events } = stream;
    stream.events += 1;
    return { stream: name, events };
  }
}
