/**
 * The embedded event store node through the official client, beside a bare write + fdatasync of the same bytes in the
 * same run. Prints one line of JSON; `--large <events>` also measures opening and reading a log of that size.
 *
 *   npm run build && node dist/bench/node-append.js [--seconds 3] [--large 1000000]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { startEventStoreNode, type EventStoreNode } from '../apps/eventstore/src/index.js';

const CLOCK_TICKS_PER_SECOND = 100;
const STORED_BYTES = 560;
const STREAMS = 500;

interface AppendFigures {
  readonly inFlight: number;
  readonly eventsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly clientCpuMicros: number;
  readonly nodeCpuMicros: number;
}

function event() {
  return jsonEvent({
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
      note: 'x'.repeat(60),
    },
    metadata: { commandId: '018f2f6e-7b1c-7a51-b2d3-5a3c1a9f0b17' },
  });
}

function cpuMicrosOf(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND) * 1_000_000;
}

function residentMib(pid: number): number {
  const pages = Number(fs.readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
  return Math.round((pages * 4096) / 2 ** 20);
}

function ownCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function percentile(sorted: readonly number[], share: number): number {
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));
}

async function measureAppends(
  client: EventStoreDBClient,
  node: EventStoreNode,
  inFlight: number,
  seconds: number,
): Promise<AppendFigures> {
  const latencies: number[] = [];
  const cpu = { node: cpuMicrosOf(node.pid), own: ownCpuMicros() };
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const appendUntilTheEnd = async (lane: number): Promise<void> => {
    for (let count = 0; performance.now() < until; count += 1) {
      const begun = performance.now();
      await client.appendToStream(`bench-${inFlight}-${(lane * 31 + count) % STREAMS}`, event());
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, lane) => appendUntilTheEnd(lane)));
  const elapsed = (performance.now() - startedAt) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    inFlight,
    eventsPerSecond: Math.round(latencies.length / elapsed),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    clientCpuMicros: Math.round((ownCpuMicros() - cpu.own) / latencies.length),
    nodeCpuMicros: Math.round((cpuMicrosOf(node.pid) - cpu.node) / latencies.length),
  };
}

/** What the disk alone does: one writer, the same bytes an append of `count` events stores, synced each time. */
function measureDisk(directory: string, count: number, seconds: number): { eventsPerSecond: number; p50Ms: number } {
  const bytes = Buffer.alloc(STORED_BYTES * count, 'x');
  const fd = fs.openSync(path.join(directory, `disk-${count}`), 'w');
  const latencies: number[] = [];
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1000) {
    const begun = performance.now();
    fs.writeSync(fd, bytes);
    fs.fdatasyncSync(fd);
    latencies.push(performance.now() - begun);
  }
  fs.closeSync(fd);
  latencies.sort((a, b) => a - b);
  const elapsed = (performance.now() - startedAt) / 1000;
  return { eventsPerSecond: Math.round((latencies.length * count) / elapsed), p50Ms: percentile(latencies, 0.5) };
}

async function measureRead(client: EventStoreDBClient, node: EventStoreNode) {
  const cpu = { node: cpuMicrosOf(node.pid), own: ownCpuMicros() };
  const startedAt = performance.now();
  let events = 0;
  const reading = client.readAll();
  reading.on('data', () => (events += 1));
  await new Promise((resolve, reject) => reading.on('end', resolve).on('error', reject));
  return {
    events,
    eventsPerSecond: Math.round(events / ((performance.now() - startedAt) / 1000)),
    clientCpuMicros: Number(((ownCpuMicros() - cpu.own) / events).toFixed(1)),
    nodeCpuMicros: Number(((cpuMicrosOf(node.pid) - cpu.node) / events).toFixed(2)),
  };
}

async function fill(client: EventStoreDBClient, events: number): Promise<void> {
  const perAppend = 200;
  let appended = 0;
  const lane = async (number: number): Promise<void> => {
    for (let count = 0; appended < events; count += 1) {
      appended += perAppend;
      await client.appendToStream(
        `large-${number}-${count % 2_500}`,
        Array.from({ length: perAppend }, () => event()),
      );
    }
  };
  await Promise.all([0, 1, 2, 3].map(lane));
}

/** Opening after a clean stop, and after a kill in the middle of a segment. */
async function measureLargeLog(directory: string, events: number) {
  const filling = await startEventStoreNode({ dir: directory });
  const writer = clientOf(filling);
  await fill(writer, events);
  const read = await measureRead(writer, filling);
  const fullMib = residentMib(filling.pid);
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
    residentMibAfterRead: fullMib,
    residentMibAfterOpen: residentMib(afterStop.pid),
  };
  await afterStop.stop();
  return figures;
}

function clientOf(node: EventStoreNode): EventStoreDBClient {
  return EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, large: { type: 'string' } } });
  const seconds = Number(values.seconds ?? 3);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-bench-'));
  const node = await startEventStoreNode({ dir: path.join(directory, 'node') });
  const client = clientOf(node);
  try {
    await measureAppends(client, node, 16, 1);
    const append: (AppendFigures & { disk: ReturnType<typeof measureDisk> })[] = [];
    for (const inFlight of [1, 16, 64]) {
      const figures = await measureAppends(client, node, inFlight, seconds);
      append.push({ ...figures, disk: measureDisk(directory, inFlight, seconds / 3) });
    }
    const read = await measureRead(client, node);
    const idle = { residentMib: residentMib(node.pid) };
    await client.dispose();
    await node.stop();
    const large = values.large ? await measureLargeLog(path.join(directory, 'large'), Number(values.large)) : undefined;
    const machine = { cores: os.cpus().length, load: os.loadavg().map((load) => Number(load.toFixed(1))) };
    process.stdout.write(`${JSON.stringify({ workload: 'node-append', machine, append, read, idle, large }, null, 1)}\n`);
  } finally {
    await node.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
