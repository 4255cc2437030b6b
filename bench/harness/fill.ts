import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import type { NewEvent } from '@daybook/eventsourcing';

/** What a history is made of: appends of so many events, to one stream after the other, at the end each has then. */
export interface MadeHistory {
  readonly events: number;
  readonly perAppend: number;
  readonly streams: number;
  readonly stream: (index: number) => string;
  readonly event: (number: number, stream: number) => NewEvent;
}

const LANES = 8;
const DEADLINE_MS = 60_000;

export async function fillNode(port: number, history: MadeHistory): Promise<void> {
  const { events, perAppend, streams, stream, event } = history;
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false&defaultDeadline=${DEADLINE_MS}`);
  const ends = new Array<number>(streams).fill(-1);
  const appends = Math.ceil(events / perAppend);
  // A stream stays in one lane, so that each append knows where its stream ends.
  const lanes = streams % LANES === 0 ? LANES : 1;
  const lane = async (first: number): Promise<void> => {
    for (let append = first; append < appends; append += lanes) {
      const index = append % streams;
      const [begin, end] = [append * perAppend, ends[index] ?? -1];
      const count = Math.min(perAppend, events - begin);
      const batch = Array.from({ length: count }, (_, offset) => jsonEvent(event(begin + offset, index)));
      await client.appendToStream(stream(index), batch, { expectedRevision: end < 0 ? NO_STREAM : BigInt(end) });
      ends[index] = end + count;
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
  await client.dispose();
}
