import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent, type JSONEventData, type JSONEventType, type ResolvedEvent } from '@eventstore/db-client';
import { startEventStoreNode } from '../../apps/eventstore/src/index.js';

/**
 * The store a conformance test talks to: a node of its own, or the server named in EVENTSTORE_TEST_URL. Tests use stream
 * names of their own and assume nothing about what else is in the log.
 */
export interface StoreUnderTest {
  /** The only appending client of the test file: this client library keeps pending appends in one place a process. */
  readonly client: EventStoreDBClient;
  readonly endpoint: string;
  /** What each call needs where the server has accounts. */
  readonly headers: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export const SERVER_URL = process.env['EVENTSTORE_TEST_URL'];

/** Where a server is known to answer otherwise than the node; differences.md has what and why. */
export type Difference = 'D1' | 'D2' | 'D3' | 'D4' | 'D5' | 'D6';

const notHere = Object.assign(() => undefined, { each: () => () => undefined });

/** In the place of `it`: a case of the node alone. It does not run against a server, and the table says so. */
export function nodeOnly(_: Difference): Pick<jest.It, 'each'> & ((name: string, test: () => Promise<void>) => void) {
  return SERVER_URL === undefined ? it : notHere;
}

export async function openStoreUnderTest(): Promise<StoreUnderTest> {
  if (SERVER_URL !== undefined) {
    const client = EventStoreDBClient.connectionString(SERVER_URL);
    return { client, ...serverOf(SERVER_URL), close: () => client.dispose() };
  }
  const directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-conformance-'));
  const node = await startEventStoreNode({ dir: directory });
  const client = connect(node);
  return {
    client,
    ...serverOf(`esdb://127.0.0.1:${node.port}?tls=false`),
    close: async () => {
      await client.dispose();
      await node.stop();
      await fs.rm(directory, { recursive: true, force: true });
    },
  };
}

/** Where the server of a connection string listens: its first host, when there are several. */
export function serverOf(url: string): { readonly endpoint: string; readonly headers: Readonly<Record<string, string>> } {
  const { hostname, port, username, password, searchParams } = new URL(url.replace(/,[^/?]*/, ''));
  const scheme = searchParams.get('tls') === 'false' ? 'http' : 'https';
  const account = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = username === '' ? {} : { authorization: `Basic ${Buffer.from(account).toString('base64')}` };
  return { endpoint: `${scheme}://${hostname}:${port || '2113'}`, headers };
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
