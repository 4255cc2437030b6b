import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent, type JSONEventData, type JSONEventType, type ResolvedEvent } from '@eventstore/db-client';
import { startEventStoreNode, type EventStoreNode } from '../../apps/eventstore/src/index.js';

/**
 * The store a conformance test talks to: a node of its own, or the server named in CONFORMANCE_URL. Tests use stream
 * names of their own and assume nothing about what else is in the log.
 */
export interface StoreUnderTest {
  /** The only appending client of the test file: this client library keeps pending appends in one place a process. */
  readonly client: EventStoreDBClient;
  /** Missing when the tests run against a server. */
  readonly node: EventStoreNode | undefined;
  readonly endpoint: string;
  close(): Promise<void>;
}

export async function openStoreUnderTest(): Promise<StoreUnderTest> {
  const url = process.env['CONFORMANCE_URL'];
  if (url) {
    const client = EventStoreDBClient.connectionString(url);
    return { client, node: undefined, endpoint: url, close: () => client.dispose() };
  }
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-conformance-'));
  const node = await startEventStoreNode({ dir: directory });
  const client = connect(node);
  return {
    client,
    node,
    endpoint: `http://127.0.0.1:${node.port}`,
    close: async () => {
      await client.dispose();
      await node.stop();
      await fs.rm(directory, { recursive: true, force: true });
    },
  };
}

export function connect(node: { readonly port: number }): EventStoreDBClient {
  return EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
}

let streams = 0;

export function newStream(prefix = 'conformance'): string {
  streams += 1;
  return `${prefix}-${process.pid}-${Date.now()}-${streams}`;
}

let events = 0;

/** A UUID that says in which order it was made. */
export function newId(): string {
  events += 1;
  return `00000000-0000-4000-8000-${events.toString(16).padStart(12, '0')}`;
}

export function someEvents(count: number, type = 'Tested'): JSONEventData<JSONEventType>[] {
  return Array.from({ length: count }, (_, number) => jsonEvent({ id: newId(), type, data: { number }, metadata: { of: count } }));
}

export async function collect(reading: AsyncIterable<ResolvedEvent>): Promise<ResolvedEvent[]> {
  const collected: ResolvedEvent[] = [];
  for await (const event of reading) collected.push(event);
  return collected;
}

export async function revisionsOf(reading: AsyncIterable<ResolvedEvent>): Promise<number[]> {
  return (await collect(reading)).map(({ event }) => Number(event?.revision));
}

/** What a promise is rejected with; a promise that is kept is an error of the test. */
export async function refusalOf(promise: Promise<unknown>): Promise<{ type?: string; [key: string]: unknown }> {
  return promise.then(
    (value) => {
      throw new Error(`expected a refusal, got ${String(value)}`);
    },
    (error: { type?: string }) => ({ ...error }),
  );
}
