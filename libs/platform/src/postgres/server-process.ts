import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, stat } from 'node:fs/promises';
import type { Timers } from '@daybook/kernel';
import type { Owner } from './postgres-launcher.js';

const FAST_STOP_MILLISECONDS = 20_000;
const IMMEDIATE_STOP_MILLISECONDS = 5_000;
const LOG_SIZE_MAX_BYTES = 8 * 1024 * 1024;
const LOG_TAIL_LINES = 12;

export interface ServerProcess {
  readonly pid: number;
  /** Settles when the server is gone, asked for or not. */
  readonly exited: Promise<void>;
  hasExited(): boolean;
  readonly logFile: string;
  /** The end of what it has logged since it was started. */
  lastWords(): Promise<string>;
  stop(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly command: readonly string[];
  readonly owner: Owner;
  readonly logFile: string;
  /** False where the kernel cannot stop the server when this process dies: then a guard does. */
  readonly diesWithParent: boolean;
  /** A process id recorded by an earlier run that now belongs to an unrelated process. */
  readonly stalePid: number | undefined;
  readonly timers: Timers;
}

export async function spawnServer(options: ServerProcessOptions): Promise<ServerProcess> {
  const { owner, logFile, timers } = options;
  const [program = '', ...args] = options.command;
  const logged = await stat(logFile).then((found) => found.size, () => 0);
  if (logged > LOG_SIZE_MAX_BYTES) await rename(logFile, `${logFile}.1`);
  const log = await open(logFile, 'a', 0o600);
  const { size: logStart } = await log.stat();
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      uid: owner.uid,
      gid: owner.gid,
      cwd: '/',
      // A group of its own: Ctrl-C in a terminal must reach Daybook first, which stops the server last.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      // Postgres takes any living process of the recorded id for another server, except its own grandparent's.
      env: options.stalePid ? { ...process.env, PG_GRANDPARENT_PID: String(options.stalePid) } : process.env,
    });
    await once(child, 'spawn');
  } finally {
    await log.close();
  }
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${program} was started without a process id`);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const guard = options.diesWithParent ? undefined : spawnGuard(pid, owner);
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;

  const stop = async (): Promise<void> => {
    // Fast, then immediate (the next start replays the log), then by force.
    const steps = [['SIGINT', FAST_STOP_MILLISECONDS], ['SIGQUIT', IMMEDIATE_STOP_MILLISECONDS], ['SIGKILL', 0]] as const;
    for (const [signal, patienceMilliseconds] of steps) {
      if (hasExited()) break;
      child.kill(signal);
      if (patienceMilliseconds > 0) await waitAtMost(exited, patienceMilliseconds, timers);
    }
    await exited;
    guard?.kill('SIGKILL');
  };
  return { pid, exited, hasExited, logFile, lastWords: () => logTail(logFile, logStart), stop };
}

/**
 * A shell that waits for the end of a pipe only this process holds open, then stops the server: what the kernel does
 * by itself on Linux.
 */
export function spawnGuard(serverPid: number, owner: Owner): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(serverPid)], {
    uid: owner.uid,
    gid: owner.gid,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  return guard;
}

async function waitAtMost(event: Promise<void>, milliseconds: number, timers: Timers): Promise<void> {
  const given = new AbortController();
  const patience = timers.sleep(milliseconds, given.signal).catch(() => undefined);
  await Promise.race([event, patience]);
  given.abort();
}

async function logTail(logFile: string, from: number): Promise<string> {
  const bytes = await readFile(logFile).catch(() => Buffer.alloc(0));
  return bytes.toString('utf8', from).trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}
