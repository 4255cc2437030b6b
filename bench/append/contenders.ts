import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { EsdbStore, type JsonObject } from '@daybook/eventsourcing';
import { systemTimers } from '@daybook/platform';
import pg from 'pg';
import { PAYLOAD, STORED_BYTES, WriterStreams } from './payload.js';
import { WireAppender } from './wire-appender.js';

/** Appends one event and comes back when it is durable. */
export interface Appending {
  append(writer: number): Promise<void>;
  close(): Promise<void>;
}

const DATA = Buffer.from(JSON.stringify(PAYLOAD.data));
const METADATA = Buffer.from(JSON.stringify(PAYLOAD.metadata));

/** Through the port the program uses: expected revision, deadline, at most fifteen in the client's hands. */
export function throughStorePort(port: string): Appending {
  const store = new EsdbStore({ url: `esdb://127.0.0.1:${port}?tls=false`, timers: systemTimers });
  const streams = new WriterStreams();
  const { type } = PAYLOAD;
  const [data, metadata] = [JSON.parse(DATA.toString()), JSON.parse(METADATA.toString())] as [JsonObject, JsonObject];
  return {
    append: async (writer) => {
      const { stream, events } = streams.next(writer);
      await store.append(stream, [{ id: randomUUID(), type, data, metadata }], BigInt(events - 1));
    },
    close: () => store.close(),
  };
}

/** The official client alone, as many appends at once as there are writers. */
export function throughClient(port: string): Appending {
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  const streams = new WriterStreams();
  return {
    append: async (writer) => {
      const { stream, events } = streams.next(writer);
      const expectedRevision = events === 0 ? NO_STREAM : BigInt(events - 1);
      await client.appendToStream(stream, jsonEvent({ ...PAYLOAD, id: randomUUID() }), { expectedRevision });
    },
    close: () => client.dispose(),
  };
}

export function overTheWire(port: string): Appending {
  const wire = new WireAppender(`http://127.0.0.1:${port}`);
  const streams = new WriterStreams();
  return {
    append: async (writer) => {
      const { stream, events } = streams.next(writer);
      await wire.append(stream, events - 1, PAYLOAD.type, DATA, METADATA);
    },
    close: async () => wire.close(),
  };
}

/** One row an event, prepared and committed by itself: what a table of events costs without any library. */
export async function asRows(url: string, connections: number): Promise<Appending> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(
    `create table if not exists events (position bigserial primary key, id uuid not null, stream text not null, revision bigint not null,
       type text not null, data text not null, metadata text not null, unique (stream, revision))`,
  );
  const streams = new WriterStreams();
  const text = 'insert into events (id, stream, revision, type, data, metadata) values ($1, $2, $3, $4, $5, $6)';
  const [data, metadata] = [DATA.toString(), METADATA.toString()];
  return {
    append: async (writer) => {
      const { stream, events } = streams.next(writer);
      await pool.query({ name: 'insert', text, values: [randomUUID(), stream, events, PAYLOAD.type, data, metadata] });
    },
    close: () => pool.end(),
  };
}

/** The same bytes to a file, whatever waits in one write and one sync: the disk's own limit. */
export function asBytes(directory: string): Appending {
  const file = fs.openSync(path.join(directory, `raw-${randomUUID()}`), 'w');
  const event = Buffer.alloc(STORED_BYTES, 'x');
  let waiting: ((error: Error | null) => void)[] = [];
  let isRunning = false;
  const commit = (): void => {
    const batch = waiting;
    waiting = [];
    isRunning = batch.length > 0;
    if (!isRunning) return;
    const done = (error: Error | null): void => {
      for (const one of batch) one(error);
      commit();
    };
    const bytes = Buffer.concat(batch.map(() => event));
    fs.write(file, bytes, 0, bytes.length, null, (failed) => (failed ? done(failed) : fs.fdatasync(file, done)));
  };
  return {
    append: async () =>
      new Promise((resolve, reject) => {
        waiting.push((error) => (error === null ? resolve() : reject(error)));
        if (!isRunning) {
          isRunning = true;
          queueMicrotask(commit);
        }
      }),
    close: async () => fs.closeSync(file),
  };
}
