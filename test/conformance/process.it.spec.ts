import { spawn } from 'node:child_process';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { NO_STREAM, START } from '@eventstore/db-client';
import { EventStoreStartError, ExitCode, startEventStoreNode, type EventStoreNode } from '../../apps/eventstore/src/index.js';
import { openNode } from '../../apps/eventstore/src/node.js';
import { collect, connect, refusalOf, revisionsOf, someEvents } from './store-under-test.js';

let directory: string;
let running: EventStoreNode[];

beforeEach(async () => {
  directory = await fs.mkdtemp(path.join(os.tmpdir(), 'eventstore-process-'));
  running = [];
});

afterEach(async () => {
  for (const node of running) await node.stop();
  await fs.rm(directory, { recursive: true, force: true });
});

async function start(options: { port?: number; args?: string[]; lines?: string[] } = {}): Promise<EventStoreNode> {
  const node = await startEventStoreNode({
    dir: directory,
    port: options.port ?? 0,
    args: options.args ?? [],
    onLine: (line) => options.lines?.push(line),
  });
  running.push(node);
  return node;
}

async function refusalToStart(options: Parameters<typeof start>[0] = {}): Promise<EventStoreStartError> {
  const refusal = await start(options).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(EventStoreStartError);
  return refusal as EventStoreStartError;
}

describe('the process of the node', () => {
  it('has everything again after a clean stop', async () => {
    const first = await start();
    const writer = connect(first);
    await writer.appendToStream('s-1', someEvents(3), { expectedRevision: NO_STREAM });
    await writer.dispose();
    await first.stop();
    expect(await first.exited).toEqual({ code: ExitCode.STOPPED, signal: null });

    const second = await start();
    expect(second.events).toBe(first.events + 3);
    const reader = connect(second);
    expect(await revisionsOf(reader.readStream('s-1'))).toEqual([0, 1, 2]);
    await reader.dispose();
  });

  it('has everything it acknowledged again after being killed', async () => {
    const first = await start();
    const writer = connect(first);
    await writer.appendToStream('s-1', someEvents(3));
    await writer.dispose();
    process.kill(first.pid, 'SIGKILL');
    await first.exited;

    const reader = connect(await start());
    expect(await revisionsOf(reader.readStream('s-1'))).toEqual([0, 1, 2]);
    await reader.dispose();
  });

  it('says what it cut off when a write was torn', async () => {
    const first = await start();
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const [log] = (await fs.readdir(directory)).filter((name) => name.endsWith('.log'));
    await fs.appendFile(path.join(directory, log as string), 'half a batch');
    const lines: string[] = [];
    await start({ lines });
    expect(lines).toEqual(['Dropped 12 bytes of a write that was cut off and never acknowledged.']);
  });

  it('lets exactly one node have a directory, and the next one after a kill', async () => {
    const first = await start();
    const refusal = await refusalToStart();
    expect(refusal.exitCode).toBe(ExitCode.DIRECTORY_LOCKED);
    expect(refusal.message).toContain(`process ${first.pid}`);
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    await start();
  });

  it('says when its port is taken', async () => {
    const first = await start();
    const elsewhere = await fs.mkdtemp(path.join(directory, 'other-'));
    const attempt = startEventStoreNode({ dir: elsewhere, port: first.port });
    await expect(attempt).rejects.toMatchObject({ exitCode: ExitCode.PORT_TAKEN, message: expect.stringContaining('EADDRINUSE') });
  });

  it('listens on loopback only', async () => {
    const refusal = await refusalToStart({ args: ['--host', '0.0.0.0'] });
    expect([refusal.exitCode, refusal.message]).toEqual([ExitCode.USAGE, expect.stringContaining('loopback only')]);
  });

  it('refuses a directory written by a newer format', async () => {
    const first = await start();
    await first.stop();
    const [log] = (await fs.readdir(directory)).filter((name) => name.endsWith('.log'));
    const file = path.join(directory, log as string);
    const bytes = await fs.readFile(file);
    bytes.writeUInt32LE(2, 8);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 60)), 60);
    await fs.writeFile(file, bytes);
    const refusal = await refusalToStart();
    expect([refusal.exitCode, refusal.message]).toEqual([ExitCode.NEWER_FORMAT, expect.stringContaining('newer version')]);
  });

  it('refuses a damaged log and names file and range', async () => {
    const first = await start();
    await first.stop();
    const [log] = (await fs.readdir(directory)).filter((name) => name.endsWith('.log'));
    await fs.truncate(path.join(directory, log as string), 100);
    const refusal = await refusalToStart();
    expect(refusal.exitCode).toBe(ExitCode.DAMAGED_LOG);
    expect(refusal.message).toMatch(/\.log is damaged in bytes 100 to \d+/);
  });

  it('refuses appends below its disk reserve, says so on both roads, and reads on', async () => {
    const reader = connect(await start({ args: ['--reserve-mib', String(2 ** 40)] }));
    const batched = await refusalOf(reader.appendToStream('s-1', someEvents(1)));
    expect([batched.type, String(batched['message'])]).toEqual(['unknown', expect.stringContaining('RESOURCE_EXHAUSTED')]);
    const credentials = { username: 'admin', password: 'changeit' };
    expect(await refusalOf(reader.appendToStream('s-1', someEvents(1), { credentials }))).toMatchObject({ code: 8 });
    expect(await collect(reader.readAll())).toEqual([]);
    await reader.dispose();
  });

  it('answers what it has taken before it stops', async () => {
    const first = await start();
    const writer = connect(first);
    await writer.appendToStream('warm-1', someEvents(1));
    const appends = Array.from({ length: 200 }, (_, number) => writer.appendToStream(`s-${number}`, someEvents(1)));
    const outcomes = Promise.allSettled(appends);
    await first.stop();
    const kept = (await outcomes).filter(({ status }) => status === 'fulfilled').length;
    await writer.dispose();
    const reader = connect(await start());
    const stored = await collect(reader.readAll());
    expect(stored.filter(({ event }) => event?.streamId.startsWith('s-')).length).toBeGreaterThanOrEqual(kept);
    await reader.dispose();
  });

  it('tells followers that it is gone when it stops', async () => {
    const first = await start();
    const client = connect(first);
    const following = client.subscribeToAll({ fromPosition: START });
    following.on('data', () => undefined);
    const failed = new Promise<{ type?: string }>((resolve) => following.once('error', (error: object) => resolve(error)));
    await new Promise((resolve) => following.once('caughtUp', resolve));
    await first.stop();
    expect((await failed).type).toBe('unavailable');
    await client.dispose();
  });

  it('ends with its parent, however that ends', async () => {
    const program = path.resolve('dist/apps/eventstore/src/index.js');
    const script = `require(${JSON.stringify(program)}).startEventStoreNode({dir:${JSON.stringify(directory)}}).then((n)=>console.log(n.pid))`;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (text: unknown) => resolve(Number(String(text)))));
    parent.kill('SIGKILL');
    const successor = await startWhenFree();
    expect(successor.pid).not.toBe(pid);
    const events = await indexedEvents();
    expect(events).toBe(successor.events);
  });

  /** A clean stop leaves an index of all events behind: the first 60 bytes of the file say how many. */
  async function indexedEvents(): Promise<number> {
    const [index] = (await fs.readdir(directory)).filter((name) => name.endsWith('.idx'));
    return (await fs.readFile(path.join(directory, index as string))).readUInt32LE(32);
  }

  /** The lock is free when the process before has ended: there is nothing else to wait for. */
  async function startWhenFree(): Promise<EventStoreNode> {
    for (;;) {
      const attempt = await start().catch((error: EventStoreStartError) => error);
      if (!(attempt instanceof EventStoreStartError)) return attempt;
      if (attempt.exitCode !== ExitCode.DIRECTORY_LOCKED) throw attempt;
    }
  }
});

describe('the age of events', () => {
  it('hides them from their stream once they are too old', async () => {
    let now = 1_775_000_000_000;
    const node = await openNode({
      directory,
      host: '127.0.0.1',
      port: 0,
      segmentBytes: 1_000_000,
      reserveBytes: 0,
      verify: false,
      clock: { now: () => now, monotonic: () => performance.now() },
      random: { fraction: Math.random, uuid: () => crypto.randomUUID(), bytes: (count) => new Uint8Array(count) },
      onFailure: (error) => {
        throw error;
      },
    });
    const client = connect(node);
    await client.appendToStream('s-1', someEvents(2), { deadline: 2 ** 31 });
    await client.setStreamMetadata('s-1', { maxAge: 60 });
    now += 30_000;
    await client.appendToStream('s-1', someEvents(1));
    expect(await revisionsOf(client.readStream('s-1'))).toEqual([0, 1, 2]);
    now += 31_000;
    expect(await revisionsOf(client.readStream('s-1'))).toEqual([2]);
    expect(await revisionsOf(client.readStream('s-1', { direction: 'backwards', fromRevision: 'end' }))).toEqual([2]);
    await client.dispose();
    await node.stop();
  });
});
