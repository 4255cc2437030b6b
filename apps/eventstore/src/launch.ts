import { fork, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { FaultOrder } from './faults/fault-switches.js';
import type { ScrubPass } from './scrub/scrub.js';
import type { Damage } from './storage/storage-errors.js';

export interface StartOptions {
  readonly dir: string;
  /** Any free port by default. */
  readonly port?: number;
  readonly execArgv?: readonly string[];
  /** Beside the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Further arguments of the program, such as `--reserve-mib 512`. */
  readonly args?: readonly string[];
  /** Each line the node has to say while it runs. */
  readonly onLine?: (line: string) => void;
  /** Each message of its process after it is ready. */
  readonly onMessage?: (message: NodeMessage) => void;
}

/** What the scrub has found, that it has come to its end once more, or that a test's order has been carried out. */
export type NodeMessage =
  | { readonly damage: Damage }
  | { readonly scrubbed: ScrubPass }
  | { readonly ordered: FaultOrder };

export interface EventStoreExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface EventStoreNode {
  readonly port: number;
  readonly pid: number;
  readonly events: number;
  readonly openMs: number;
  /** Answers what is queued and leaves the data directory clean. */
  stop(): Promise<void>;
  /** For tests, when it was started with `--faults`. */
  order(order: FaultOrder): void;
  readonly exited: Promise<EventStoreExit>;
}

/** The node has ended before it was ready; the message is its own. */
export class EventStoreStartError extends Error {
  override readonly name = 'EventStoreStartError';
  constructor(
    message: string,
    /** One of ExitCode. */
    readonly exitCode: number | null,
  ) {
    super(message);
  }
}

interface ReadyMessage {
  readonly ready: true;
  readonly port: number;
  readonly events: number;
  readonly openMs: number;
}

const STOP_GRACE_MS = 10_000;

/** A process of its own, so that a crash, a long collection or a kill of either side leaves the other standing. */
export async function startEventStoreNode(options: StartOptions): Promise<EventStoreNode> {
  const args = ['--dir', options.dir, '--port', String(options.port ?? 0), ...(options.args ?? [])];
  const child = fork(programFile(), args, {
    execArgv: [...(options.execArgv ?? [])],
    env: { ...process.env, ...options.env },
    // A group of its own: Ctrl-C in a terminal reaches the whole group, and the store must be the last to go.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lastWords = collectLines(child, options.onLine);
  const exited = new Promise<EventStoreExit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const ready = await Promise.race([
    new Promise<ReadyMessage>((resolve) => child.once('message', (message) => resolve(message as ReadyMessage))),
    exited.then(({ code, signal }) => {
      const message = lastWords() || `the event store node ended with ${signal ?? `exit code ${code}`}`;
      throw new EventStoreStartError(message, code);
    }),
  ]);
  child.on('message', (message) => options.onMessage?.(message as NodeMessage));
  return {
    port: ready.port,
    pid: child.pid as number,
    events: ready.events,
    openMs: ready.openMs,
    exited,
    stop: () => stop(child, exited),
    order: (order) => void child.send(order),
  };
}

async function stop(child: ChildProcess, exited: Promise<EventStoreExit>): Promise<void> {
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await exited;
  clearTimeout(killer);
}

function collectLines(child: ChildProcess, onLine: ((line: string) => void) | undefined): () => string {
  let last = '';
  let unfinished = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop() ?? '';
    for (const line of lines) {
      last = line;
      onLine?.(line);
    }
  });
  return () => unfinished || last;
}

/** Beside this file when it runs from the build, else in the build of the project this file is a source of. */
function programFile(): string {
  const candidates = [
    path.join(__dirname, 'main.js'),
    path.resolve(__dirname, '../../../dist/apps/eventstore/src/main.js'),
  ];
  const found = candidates.find((file) => fs.existsSync(file));
  if (!found) throw new Error('the event store node is not built: run `npm run build` first');
  return found;
}
