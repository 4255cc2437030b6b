import http2 from 'node:http2';
import { EventStoreDBClient } from '@eventstore/db-client';
import { Client, credentials } from '@grpc/grpc-js';
import { EsdbStore, type RecordedEvent } from '@daybook/eventsourcing';
import { systemTimers } from '@daybook/platform';
import { frame, FrameSplitter } from '../../apps/eventstore/src/wire/frame.js';
import { ProtoWriter } from '../../apps/eventstore/src/wire/protobuf.js';
import { decodeReadResponse } from './decode.js';

/** Reads the log from its start and hands over events until there are no more, or `take` has had enough. */
export type Road = (port: string, take: (event: RecordedEvent | null) => boolean) => Promise<void>;

const READ = '/event_store.client.streams.Streams/Read';

const url = (port: string): string => `esdb://127.0.0.1:${port}?tls=false`;

async function withStore(port: string, read: (store: EsdbStore) => Promise<void>): Promise<void> {
  const store = new EsdbStore({ url: url(port), timers: systemTimers });
  try {
    await read(store);
  } finally {
    await store.close();
  }
}

/** What rebuilds and exports use. */
export const storePortReadAll: Road = (port, take) =>
  withStore(port, async (store) => {
    for await (const event of store.readAll()) if (!take(event)) return;
  });

/** What the projection engine follows the log by, from its first event on. */
export const storePortSubscribe: Road = (port, take) =>
  withStore(port, async (store) => {
    const enough = new AbortController();
    for await (const message of store.subscribe({ streamPrefixes: ['ledger-'], signal: enough.signal })) {
      if (message.kind === 'caught-up' || (message.kind === 'event' && !take(message.event))) break;
    }
    enough.abort();
  });

/** The official client as its pages show it, with nothing behind it. */
export const officialClient: Road = async (port, take) => {
  const client = EventStoreDBClient.connectionString(url(port));
  const reading = client.readAll();
  await new Promise<void>((resolve, reject) => {
    reading.on('data', () => {
      if (!take(null)) resolve();
    });
    reading.on('end', resolve).on('error', reject);
  });
  reading.destroy();
  await Promise.race([client.dispose(), systemTimers.sleep(200)]);
};

/** The library under the official client, with messages decoded by hand. */
export const handOverGrpc: Road = async (port, take) => {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const identity = (bytes: Buffer): Buffer => bytes;
  const call = client.makeServerStreamRequest(READ, identity, identity, request());
  await new Promise<void>((resolve, reject) => {
    call.on('data', (message: Buffer) => {
      const event = decodeReadResponse(message);
      if (event !== null && !take(event)) resolve();
    });
    call.on('end', resolve).on('error', reject);
  });
  call.on('error', () => undefined);
  call.cancel();
  client.close();
};

export const handOverHttp2: Road = (port, take) =>
  overHttp2(port, (message) => {
    const event = decodeReadResponse(message);
    return event === null || take(event);
  });

/** Nothing is decoded: what the node gives, and nobody can beat. */
export const rawBytes: Road = (port, take) => overHttp2(port, () => take(null));

async function overHttp2(port: string, onMessage: (message: Buffer) => boolean): Promise<void> {
  const session = http2.connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: 4 * 1024 * 1024 } });
  session.on('connect', () => session.setLocalWindowSize(16 * 1024 * 1024));
  const call = session.request({ ':method': 'POST', ':path': READ, 'content-type': 'application/grpc', te: 'trailers' });
  await new Promise<void>((resolve, reject) => {
    const splitter = new FrameSplitter((message) => {
      if (!onMessage(message)) resolve();
    });
    call.on('data', (piece: Buffer) => splitter.push(piece));
    call.on('end', resolve).on('error', reject);
    call.end(frame(request()));
  });
  session.destroy();
}

/** All of $all, forwards, with UUIDs as text. */
function request(): Buffer {
  const options = new ProtoWriter()
    .message(2, new ProtoWriter().empty(2))
    .uint(5, Number.MAX_SAFE_INTEGER)
    .empty(8)
    .message(9, new ProtoWriter().empty(2));
  return new ProtoWriter().message(1, options).finish();
}
