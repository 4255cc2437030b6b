import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { ExitCode, startEventStoreNode } from '../../apps/eventstore/src/index.js';
import { LogOnDisk } from '../support/event-log.js';

const PROGRAM = path.resolve('dist/apps/eventstore/src/main.js');
const APPENDS = 8;
const APPEND_TIMEOUT_MS = 1_000;
const SEGMENT_BYTES = 1024 * 1024;

export interface Injection {
  readonly calls: string;
  readonly effect: string;
  /** Only calls on the node's own files: names relative to its directory. */
  readonly files?: readonly string[];
  /** The node finds a log whose last write was cut off, and has to cut it short itself. */
  readonly startsTorn?: true;
  /** How the node may end when it is hit; `lives` when it must not. */
  readonly ends: readonly number[] | 'killed' | 'lives';
}

const SEGMENT = '00000000000000000000';
const OWN_FILES = [`${SEGMENT}.log`, `${SEGMENT}.idx`, `${SEGMENT}.idx.tmp`];

/** Every kind of call that stands between an append and its answer, failing and killing. */
export const INJECTIONS: readonly Injection[] = [
  { calls: 'fdatasync', effect: 'error=EIO', ends: [ExitCode.WRITE_FAILED] },
  { calls: 'fdatasync', effect: 'signal=SIGKILL', ends: 'killed' },
  { calls: 'pwrite64', effect: 'error=ENOSPC', ends: [ExitCode.DISK_FULL] },
  { calls: 'pwrite64', effect: 'error=EIO', ends: [ExitCode.WRITE_FAILED] },
  { calls: 'pwrite64', effect: 'signal=SIGKILL', ends: 'killed' },
  { calls: 'fsync', effect: 'error=EIO', ends: [ExitCode.WRITE_FAILED] },
  { calls: 'fsync,rename,renameat2,ftruncate', effect: 'signal=SIGKILL', ends: 'killed' },
  { calls: 'ftruncate', effect: 'error=EIO', startsTorn: true, ends: [ExitCode.WRITE_FAILED] },
  { calls: 'ftruncate,fsync', effect: 'signal=SIGKILL', startsTorn: true, ends: 'killed' },
  { calls: 'openat', effect: 'error=EMFILE', files: OWN_FILES, ends: [ExitCode.UNEXPECTED, ExitCode.WRITE_FAILED] },
  { calls: 'openat', effect: 'error=ENOSPC', files: OWN_FILES, ends: [ExitCode.DISK_FULL] },
  { calls: 'openat', effect: 'signal=SIGKILL', files: OWN_FILES, ends: 'killed' },
  { calls: 'write,writev,sendto,sendmsg', effect: 'signal=SIGKILL', ends: 'killed' },
  { calls: 'writev', effect: 'error=EPIPE', ends: 'lives' },
  { calls: 'writev', effect: 'error=ECONNRESET', ends: 'lives' },
];

interface Life {
  readonly acked: string[];
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Starts the node with the k-th of these calls hit, appends one event after the other, stops it if it still lives. */
async function liveThrough(directory: string, { calls, effect, files = [] }: Injection, k: number): Promise<Life> {
  const inject = `inject=${calls}:${effect}:when=${k}`;
  const only = files.flatMap((file) => ['-P', path.join(directory, file)]);
  const strace = ['-f', '-qq', '-o', '/dev/null', ...only, '-e', `trace=${calls}`, '-e', inject];
  // strace counts by thread: with one thread for files, k means the k-th call of the node.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const child = spawn('strace', [...strace, process.execPath, PROGRAM, '--dir', directory, '--port', '0', '--scrub-mib', '0'], { env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const ready = once(child.stdout.setEncoding('utf8'), 'data') as Promise<[string]>;
  const [first] = await Promise.race([ready, exited]);
  const acked: string[] = [];
  if (typeof first === 'string' && first.startsWith('{')) {
    const { port } = JSON.parse(first) as { port: number };
    await appendUntilRefused(port, acked);
    for (const pid of childrenOf(child.pid as number)) stopIfThere(pid);
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

/** It may have ended a moment ago, by what it was hit with. */
function stopIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
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

/** Without it there is nothing to inject with: the reason is printed, and counts as no proof. */
export function hasStrace(): boolean {
  return spawnSync('strace', ['-V']).status === 0;
}

export interface Sweep {
  readonly hits: number;
  /** One line each. */
  readonly violations: readonly string[];
}

/** The k-th call for k = 1, 2, … until the node gets through a run without being hit, or `most`. */
export async function sweep(injection: Injection, most: number): Promise<Sweep> {
  const violations: string[] = [];
  let hits = 0;
  for (let k = 1; k <= most; k += 1) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-errors-'));
    if (injection.startsTorn) await leaveTornLog(directory);
    const life = await liveThrough(directory, injection, k);
    const name = `${nameOf(injection)} at ${k}`;
    violations.push(...wrongEnd(injection, life).map((wrong) => `${name}: ${wrong}`));
    const stored = await storedStreams(directory);
    const lost = life.acked.filter((stream) => !stored.has(stream));
    if (lost.length > 0) violations.push(`${name}: acknowledged, then lost: ${lost.join(', ')}`);
    fs.rmSync(directory, { recursive: true, force: true });
    if (life.code === ExitCode.STOPPED && injection.ends !== 'lives') break;
    hits = k;
  }
  return { hits, violations };
}

export function nameOf({ calls, effect, startsTorn }: Injection): string {
  return `${calls} ${effect}${startsTorn ? ' on a torn log' : ''}`;
}

async function leaveTornLog(directory: string): Promise<void> {
  const disk = await LogOnDisk.open(directory, SEGMENT_BYTES);
  await disk.append(3);
  await disk.log.closeFiles();
  fs.appendFileSync(path.join(directory, OWN_FILES[0] as string), 'half a batch');
}

function wrongEnd({ ends }: Injection, { code, signal, stderr }: Life): string[] {
  if (code === ExitCode.STOPPED || ends === 'killed') return [];
  const expected = ends !== 'lives' && code !== null && ends.includes(code);
  if (!expected) return [`ended with ${code ?? signal}, said: ${stderr.trim()}`];
  return stderr.trim().split('\n').length === 1 ? [] : [`said more than one line: ${stderr}`];
}
