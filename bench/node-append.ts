/**
 * The embedded node through the official client, and beside it one writer that writes and syncs the same bytes: what the
 * node and its client cost on the processor, what it holds in memory, and, with `--large`, opening and reading a log of
 * that size, after a clean stop and after a kill.
 *
 *   npm run bench -- node-append [--smoke] [--rounds 5] [--slice 2000] [--large 1000000]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { startEventStoreNode, type EventStoreNode } from '../apps/eventstore/src/index.js';
import { PAYLOAD, STORED_BYTES } from './append/payload.js';
import { closedLoop, type Slice } from './harness/closed-loop.js';
import { ownCpuMicros, residentMib, treeCpuMicros } from './harness/cpu.js';
import { rounded } from './harness/percentiles.js';
import { table } from './harness/report.js';
import { main, run, type RunResult } from './harness/run.js';
import { interleave, isNoisy, ratioOf, showSpread, spreadOf, type Rounds } from './harness/slices.js';

const NODE = 'the node';
const DISK = 'one writer, write + fdatasync';
const STREAMS = 500;
const FILL_PER_APPEND = 200;

type NodeSlice = Slice & { readonly nodeCpuMicros: number };

interface Settings {
  readonly smoke: boolean;
  readonly rounds: number;
  readonly milliseconds: number;
  readonly inFlight: readonly number[];
  readonly large: number;
}

function settingsFrom(argv: readonly string[]): Settings {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...argv], options: { smoke: { type: 'boolean' }, rounds: text, slice: text, large: text } });
  const smoke = values.smoke === true;
  return {
    smoke,
    rounds: Number(values.rounds ?? (smoke ? 2 : 5)),
    milliseconds: Number(values.slice ?? (smoke ? 300 : 2_000)),
    inFlight: smoke ? [1, 16] : [1, 16, 64],
    large: Number(values.large ?? 0),
  };
}

const event = (): ReturnType<typeof jsonEvent> => jsonEvent({ ...PAYLOAD });

function clientOf(node: EventStoreNode): EventStoreDBClient {
  return EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
}

async function sliceOfNode(client: EventStoreDBClient, node: EventStoreNode, inFlight: number, milliseconds: number): Promise<NodeSlice> {
  const cpu = treeCpuMicros(node.pid);
  let count = 0;
  const order = { writers: inFlight, milliseconds, warmUpMilliseconds: 0 };
  const slice = await closedLoop(order, async (worker) => {
    count += 1;
    await client.appendToStream(`bench-${inFlight}-${(worker * 31 + count) % STREAMS}`, event());
  });
  return { ...slice, nodeCpuMicros: rounded((treeCpuMicros(node.pid) - cpu) / slice.ops, 1) };
}

/** One writer; so many events are one write and one sync, as many as the node could put into one. */
async function sliceOfDisk(file: number, events: number, milliseconds: number): Promise<NodeSlice> {
  const bytes = Buffer.alloc(STORED_BYTES * events, 'x');
  const slice = await closedLoop({ writers: 1, milliseconds, warmUpMilliseconds: 0 }, async () => {
    fs.writeSync(file, bytes);
    fs.fdatasyncSync(file);
  });
  return { ...slice, ops: slice.ops * events, perSecond: slice.perSecond * events, nodeCpuMicros: 0 };
}

async function measureRead(client: EventStoreDBClient, node: EventStoreNode): Promise<object> {
  const [nodeCpu, cpu, startedAt] = [treeCpuMicros(node.pid), ownCpuMicros(), performance.now()];
  let events = 0;
  const reading = client.readAll();
  reading.on('data', () => (events += 1));
  await new Promise((resolve, reject) => reading.on('end', resolve).on('error', reject));
  return {
    events,
    eventsPerSecond: Math.round(events / ((performance.now() - startedAt) / 1_000)),
    clientCpuMicros: rounded((ownCpuMicros() - cpu) / events, 1),
    nodeCpuMicros: rounded((treeCpuMicros(node.pid) - nodeCpu) / events),
  };
}

async function fill(client: EventStoreDBClient, events: number): Promise<void> {
  let appended = 0;
  const lane = async (number: number): Promise<void> => {
    for (let count = 0; appended < events; count += 1) {
      appended += FILL_PER_APPEND;
      await client.appendToStream(`large-${number}-${count % 2_500}`, Array.from({ length: FILL_PER_APPEND }, event));
    }
  };
  await Promise.all([0, 1, 2, 3].map(lane));
}

/** Opening after a clean stop, and after a kill in the middle of a segment. */
async function measureLargeLog(directory: string, events: number): Promise<object> {
  const filling = await startEventStoreNode({ dir: directory });
  const writer = clientOf(filling);
  await fill(writer, events);
  const read = await measureRead(writer, filling);
  const residentMibAfterRead = residentMib(filling.pid);
  await writer.dispose();
  process.kill(filling.pid, 'SIGKILL');
  await filling.exited;
  const afterKill = await startEventStoreNode({ dir: directory });
  await afterKill.stop();
  const afterStop = await startEventStoreNode({ dir: directory });
  const figures = {
    events: afterStop.events,
    read,
    openMsAfterKill: afterKill.openMs,
    openMsAfterCleanStop: afterStop.openMs,
    residentMibAfterRead,
    residentMibAfterOpen: residentMib(afterStop.pid),
  };
  await afterStop.stop();
  return figures;
}

async function measure(settings: Settings): Promise<RunResult> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-bench-'));
  const node = await startEventStoreNode({ dir: path.join(directory, 'node') });
  const client = clientOf(node);
  const file = fs.openSync(path.join(directory, 'disk'), 'w');
  try {
    const measured = new Map<number, Rounds<NodeSlice>>();
    for (const inFlight of settings.inFlight) {
      const contenders = [
        { name: NODE, slice: () => sliceOfNode(client, node, inFlight, settings.milliseconds) },
        { name: DISK, slice: () => sliceOfDisk(file, inFlight, settings.milliseconds / 2) },
      ];
      measured.set(inFlight, await interleave(contenders, settings.rounds));
    }
    const read = await measureRead(client, node);
    const idle = { residentMib: residentMib(node.pid) };
    await client.dispose();
    await node.stop();
    const large = settings.large > 0 ? await measureLargeLog(path.join(directory, 'large'), settings.large) : null;
    const append = Object.fromEntries([...measured].map(([inFlight, rounds]) => [inFlight, Object.fromEntries(rounds)]));
    return { sections: sectionsOf(measured, { read, idle, large }), figures: { settings, append, read, idle, large } };
  } finally {
    fs.closeSync(file);
    await node.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function sectionsOf(measured: ReadonlyMap<number, Rounds<NodeSlice>>, rest: object): string[] {
  const rows = [...measured].flatMap(([inFlight, rounds]) =>
    [...rounds].map(([name, slices]) => {
      const middle = (value: (slice: NodeSlice) => number): number => rounded(spreadOf(slices.map(value)).median, 1);
      const rate = spreadOf(slices.map(({ perSecond }) => perSecond));
      return [
        `${name}, ${inFlight} at once${name === DISK && isNoisy(rate) ? ' (noisy)' : ''}`,
        showSpread(rate, 0),
        middle(({ p50Ms }) => p50Ms),
        middle(({ p99Ms }) => p99Ms),
        middle(({ cpuMicrosPerOp }) => cpuMicrosPerOp),
        name === NODE ? middle(({ nodeCpuMicros }) => nodeCpuMicros) : '',
        name === NODE ? showSpread(ratioOf(rounds, NODE, DISK, ({ perSecond }) => perSecond), 3) : '',
      ];
    }),
  );
  const head = ['', 'events/s, median (range)', 'p50 ms', 'p99 ms', 'CPU us of the writer', 'CPU us of the node', 'over the disk'];
  return [table(head, rows), '', '```json', JSON.stringify(rest, null, 2), '```'];
}

const settings = settingsFrom(process.argv.slice(2));
main(() => run({ name: 'node-append', title: 'The node through the official client', smoke: settings.smoke }, () => measure(settings)));
