import fs from 'node:fs';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent, START, type Position, type ResolvedEvent } from '@eventstore/db-client';
import { startEventStoreNode } from '../../../apps/eventstore/src/index.js';
import { indexFileName, segmentBaseOf, SEGMENT_HEADER_BYTES } from '../../../apps/eventstore/src/storage/segment.js';
import { inspectSegment } from '../../../apps/eventstore/src/storage/segment-inspection.js';
import type { SeededRandom } from '../../simulation/seeded-random.js';

/** An event as it was served before anything was damaged. */
export interface ServedEvent {
  readonly position: bigint;
  /** Everything a reader is shown. */
  readonly text: string;
}

export interface Part {
  readonly from: number;
  readonly to: number;
}

/** What is where in one file. */
export interface SegmentMap {
  readonly file: string;
  readonly indexFile: string;
  readonly size: number;
  readonly batches: readonly Part[];
  readonly records: readonly Part[];
}

export interface WrittenStore {
  readonly directory: string;
  readonly history: readonly ServedEvent[];
  readonly segments: readonly SegmentMap[];
  /** Copies of files as they were earlier, by name. */
  readonly older: ReadonlyMap<string, Buffer>;
}

const LIVES = 3;
const STREAMS = 12;

/** A store of several segments, stopped cleanly, of which everything is known. */
export async function writeStore(directory: string, appendsALife: number, random: SeededRandom): Promise<WrittenStore> {
  const older = new Map<string, Buffer>();
  let history: ServedEvent[] = [];
  for (let life = 0; life < LIVES; life += 1) {
    for (const name of life === 0 ? [] : filesIn(directory)) older.set(name, fs.readFileSync(path.join(directory, name)));
    const node = await startEventStoreNode({ dir: directory, args: ['--segment-mib', '1', '--scrub-mib', '0'] });
    const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
    for (let append = 0; append < appendsALife; append += 1) {
      const stream = `family-${random.below(STREAMS)}`;
      await client.appendToStream(stream, Array.from({ length: random.between(1, 5) }, () => someEvent(random)));
    }
    history = (await readFrom(client, START)).events;
    await client.dispose();
    await node.stop();
  }
  const logs = filesIn(directory).filter((name) => name.endsWith('.log'));
  const segments = await Promise.all(logs.map((name) => mapOf(path.join(directory, name))));
  return { directory, history, segments, older };
}

export interface Reading {
  readonly events: readonly ServedEvent[];
  /** What the node said instead of going on. */
  readonly refusal: string | undefined;
}

/** Everything $all shows from a position on, system events too. */
export async function readFrom(client: EventStoreDBClient, fromPosition: Position | typeof START): Promise<Reading & { events: ServedEvent[] }> {
  const events: ServedEvent[] = [];
  try {
    for await (const resolved of client.readAll({ fromPosition })) events.push(served(resolved));
    return { events, refusal: undefined };
  } catch (error) {
    return { events, refusal: (error as Error).message };
  }
}

export function filesIn(directory: string): string[] {
  return fs.readdirSync(directory).filter((name) => /\.(log|idx)$/.test(name)).sort();
}

function served({ event }: ResolvedEvent): ServedEvent {
  if (!event?.position) throw new TypeError('an event has no position');
  const { position, streamId, revision, id, type, isJson, created, data, metadata } = event;
  return {
    position: position.commit,
    text: JSON.stringify([streamId, String(revision), id, type, isJson, created, data, metadata ?? null]),
  };
}

function someEvent(random: SeededRandom): ReturnType<typeof jsonEvent> {
  const bytes = random.happens(0.15) ? random.between(4_000, 30_000) : random.between(20, 900);
  const text = Buffer.from(random.bytes(bytes)).toString('base64');
  return jsonEvent({ id: random.uuid(), type: `Happened-v${random.between(1, 3)}`, data: { text }, metadata: { by: random.uuid() } });
}

async function mapOf(file: string): Promise<SegmentMap> {
  const base = segmentBaseOf(path.basename(file)) as number;
  const size = fs.statSync(file).size;
  const fd = fs.openSync(file, 'r');
  const batches: Part[] = [];
  const records: Part[] = [];
  await inspectSegment({ file, fd, base }, { from: SEGMENT_HEADER_BYTES, to: size, previousCrc: undefined }, {
    record: ({ length }, offset) => void records.push({ from: offset, to: offset + length }),
    batchEnd: ({ at, lastBatchAt }) => void batches.push({ from: lastBatchAt, to: at }),
    damage: (from) => {
      throw new Error(`${file} is damaged at ${from} before anything was done to it`);
    },
    piece: () => Promise.resolve(),
  });
  fs.closeSync(fd);
  return { file: path.basename(file), indexFile: indexFileName(base), size, batches, records };
}
