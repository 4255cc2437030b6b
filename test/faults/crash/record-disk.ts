import fs from 'node:fs';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { startEventStoreNode, type EventStoreNode } from '../../../apps/eventstore/src/index.js';
import type { SeededRandom } from '../../simulation/seeded-random.js';
import { readDiskCalls, type DiskCall, type RecordedCall } from './disk-calls.js';

const RECORDER = path.resolve('dist/test/faults/crash/disk-recorder.js');
const WRITERS = 6;
/** Large enough to fill a few sectors now and then, and a few segments in all. */
const LARGEST_EVENT_BYTES = 24_000;

export interface Recording {
  readonly calls: readonly RecordedCall[];
  /** What is in the directory in the end. */
  readonly directory: string;
}

/** Three lives of a node under load, each of its disk calls written down: a clean stop, a kill and a torn tail between. */
export async function recordDisk(directory: string, appendsALife: number, random: SeededRandom): Promise<Recording> {
  const store = path.join(directory, 'store');
  const file = path.join(directory, 'calls');
  fs.mkdirSync(store);
  await live(store, file, async (node) => {
    await load(node, appendsALife, random);
    await node.stop();
  });
  await live(store, file, async (node) => {
    await load(node, appendsALife, random);
    process.kill(node.pid, 'SIGKILL');
    await node.exited;
  });
  leaveTornTail(store, file, random);
  await live(store, file, async (node) => {
    await load(node, appendsALife, random);
    await node.stop();
  });
  return { calls: readDiskCalls(file), directory: store };
}

async function live(store: string, recording: string, life: (node: EventStoreNode) => Promise<void>): Promise<void> {
  const env = { DISK_RECORDER_DIRECTORY: store, DISK_RECORDER_FILE: recording };
  const args = ['--segment-mib', '1', '--scrub-mib', '0', '--reserve-mib', '0'];
  await life(await startEventStoreNode({ dir: store, args, env, execArgv: ['--require', RECORDER] }));
}

/** Writers that append one to four events at a time, each behind its last. */
async function load(node: EventStoreNode, appends: number, random: SeededRandom): Promise<void> {
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
  let left = appends;
  const write = async (writer: number): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const events = Array.from({ length: random.between(1, 4) }, () => {
        const bytes = random.happens(0.1) ? random.between(500, LARGEST_EVENT_BYTES) : random.between(10, 500);
        return jsonEvent({ id: random.uuid(), type: 'Written', data: { padding: 'x'.repeat(bytes) } });
      });
      await client.appendToStream(`writer-${writer}`, events);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  await client.dispose();
}

/** As if the node had been killed in the middle of a write. */
function leaveTornTail(store: string, recording: string, random: SeededRandom): void {
  const last = fs.readdirSync(store).filter((name) => name.endsWith('.log')).sort().at(-1) as string;
  const bytes = Buffer.from(random.bytes(random.between(40, 2_000)));
  const offset = fs.statSync(path.join(store, last)).size;
  const call: DiskCall = { call: 'write', file: last, offset, length: bytes.length };
  fs.appendFileSync(path.join(store, last), bytes);
  fs.appendFileSync(recording, Buffer.concat([Buffer.from(`${JSON.stringify(call)}\n`), bytes]));
}
