/**
 * Errors of single system calls, by strace: the k-th write, sync or rename of the node fails or kills it, for k = 1, 2,
 * … until a run gets through. The node must answer nothing it could not store, end with the code that says why, and
 * have everything it acknowledged when it is started again.
 *
 *   npm run build && node dist/test/faults/disk-errors.js [--most 12]
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { ExitCode, startEventStoreNode } from '../../apps/eventstore/src/index.js';

const PROGRAM = path.resolve('dist/apps/eventstore/src/main.js');
const APPENDS = 8;
const APPEND_TIMEOUT_MS = 1_000;

interface Injection {
  readonly calls: string;
  readonly effect: string;
  /** How the node ends when it is hit while it serves. */
  readonly ends: number | 'killed';
}

const INJECTIONS: readonly Injection[] = [
  { calls: 'fdatasync', effect: 'error=EIO', ends: ExitCode.WRITE_FAILED },
  { calls: 'fdatasync', effect: 'signal=SIGKILL', ends: 'killed' },
  { calls: 'pwrite64', effect: 'error=ENOSPC', ends: ExitCode.DISK_FULL },
  { calls: 'pwrite64', effect: 'error=EIO', ends: ExitCode.WRITE_FAILED },
  { calls: 'pwrite64', effect: 'signal=SIGKILL', ends: 'killed' },
  { calls: 'fsync,rename,renameat2,ftruncate', effect: 'signal=SIGKILL', ends: 'killed' },
];

interface Life {
  readonly acked: string[];
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Starts the node with the k-th of these calls hit, appends one event after the other, stops it if it still lives. */
async function liveThrough(directory: string, { calls, effect }: Injection, k: number): Promise<Life> {
  const inject = `inject=${calls}:${effect}:when=${k}`;
  const strace = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', inject];
  // strace counts by thread: with one thread for files, k means the k-th call of the node.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const child = spawn('strace', [...strace, process.execPath, PROGRAM, '--dir', directory, '--port', '0'], { env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const ready = once(child.stdout.setEncoding('utf8'), 'data') as Promise<[string]>;
  const [first] = await Promise.race([ready, exited]);
  const acked: string[] = [];
  if (typeof first === 'string' && first.startsWith('{')) {
    const { port } = JSON.parse(first) as { port: number };
    await appendUntilRefused(port, acked);
    for (const pid of childrenOf(child.pid as number)) process.kill(pid, 'SIGTERM');
  }
  const [code, signal] = await exited;
  return { acked, code, signal, stderr };
}

async function appendUntilRefused(port: number, acked: string[]): Promise<void> {
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
  for (let number = 0; number < APPENDS; number += 1) {
    const stream = `s-${number}`;
    const appending = client.appendToStream(stream, jsonEvent({ type: 'T', data: { number } })).then(
      () => true,
      () => false,
    );
    const answered = await Promise.race([appending, new Promise<false>((resolve) => setTimeout(() => resolve(false), APPEND_TIMEOUT_MS))]);
    if (!answered) break;
    acked.push(stream);
  }
  await Promise.race([client.dispose(), new Promise((resolve) => setTimeout(resolve, APPEND_TIMEOUT_MS))]);
}

function childrenOf(pid: number): number[] {
  const list = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout;
  return list.split('\n').filter(Boolean).map(Number);
}

async function storedStreams(directory: string): Promise<Set<string>> {
  const node = await startEventStoreNode({ dir: directory, args: ['--verify'] });
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
  const streams = new Set<string>();
  for await (const { event } of client.readAll()) if (event) streams.add(event.streamId);
  await client.dispose();
  await node.stop();
  return streams;
}

/** Every k until the node lives through the run, or `most`. What is wrong, one line each. */
async function sweep(injection: Injection, most: number): Promise<{ hits: number; violations: string[] }> {
  const violations: string[] = [];
  let k = 1;
  for (; k <= most; k += 1) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-errors-'));
    const life = await liveThrough(directory, injection, k);
    const name = `${injection.calls} ${injection.effect} at ${k}`;
    const survived = life.code === ExitCode.STOPPED;
    if (!survived && injection.ends !== 'killed' && life.code !== injection.ends) {
      violations.push(`${name}: ended with ${life.code ?? life.signal}, said: ${life.stderr.trim()}`);
    }
    if (!survived && injection.ends !== 'killed' && life.stderr.trim().split('\n').length !== 1) {
      violations.push(`${name}: said more than one line: ${life.stderr}`);
    }
    const stored = await storedStreams(directory);
    const lost = life.acked.filter((stream) => !stored.has(stream));
    if (lost.length > 0) violations.push(`${name}: acknowledged, then lost: ${lost.join(', ')}`);
    fs.rmSync(directory, { recursive: true, force: true });
    if (survived) break;
  }
  return { hits: k - 1, violations };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { most: { type: 'string' } } });
  if (spawnSync('strace', ['-V']).status !== 0) {
    process.stdout.write('SKIP disk errors: there is no strace here\n');
    process.exitCode = 2;
    return;
  }
  let failed = 0;
  for (const injection of INJECTIONS) {
    const { hits, violations } = await sweep(injection, Number(values.most ?? 12));
    process.stdout.write(`${injection.calls} ${injection.effect}: hit ${hits} times, ${violations.length} violations\n`);
    for (const violation of violations) process.stdout.write(`  ${violation}\n`);
    failed += violations.length;
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
