import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The tests run from the sources, the long forms of some from what was built of them. */
const PROJECT = path.resolve(__dirname, '../..').replace(/\/dist$/, '');
const PROGRAM = path.join(PROJECT, 'bin', 'daybook.cjs');
const READY_WITHIN_MS = 30_000;
const POLL_MS = 20;

export interface InstanceOptions {
  readonly dataDirectory: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** As README says, with npm and its shell in between. */
  readonly throughNpm?: boolean;
  /** Options of `daybook start`. */
  readonly flags?: readonly string[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A whole Daybook in processes of its own, started as its README says, on ports nobody else has. */
export class Instance {
  static readonly running = new Set<Instance>();
  private text = '';
  readonly exited: Promise<Exit>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    }
    Instance.running.add(this);
    this.exited = new Promise((resolve) =>
      child.once('close', (code, signal) => {
        Instance.running.delete(this);
        resolve({ code, signal });
      }),
    );
  }

  static launch({ dataDirectory, environment = {}, throughNpm = false, flags = [] }: InstanceOptions): Instance {
    const { PATH = '', HOME = '' } = process.env;
    const [program, args] = throughNpm ? ['npm', ['start']] : [process.execPath, [PROGRAM, 'start', ...flags]];
    const child = spawn(program, args, {
      cwd: PROJECT,
      // A group of its own, as a terminal gives one to what it starts.
      detached: true,
      env: { PATH, HOME, PORT: '0', EVENTSTORE_PORT: '0', DAYBOOK_DATA_DIR: dataDirectory, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Instance(child);
  }

  static async start(options: InstanceOptions): Promise<Instance> {
    const instance = Instance.launch(options);
    await Promise.race([
      instance.untilItSays(/is ready/),
      instance.exited.then(({ code }) => {
        throw new Error(`ended with ${code} before it was ready:\n${instance.output}`);
      }),
    ]);
    return instance;
  }

  get output(): string {
    return this.text;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get url(): string {
    return /Open\s+(\S+)/.exec(this.text)?.[1] ?? '';
  }

  async untilItSays(pattern: RegExp): Promise<void> {
    await until(() => pattern.test(this.text), READY_WITHIN_MS, () => `never said ${pattern}:\n${this.text}`);
  }

  /** As Ctrl-C in a terminal: the signal goes to the whole group. */
  async interrupt(): Promise<Exit> {
    process.kill(-this.pid, 'SIGINT');
    return this.exited;
  }

  async kill(): Promise<Exit> {
    process.kill(this.pid, 'SIGKILL');
    return this.exited;
  }

  async token(userId: string): Promise<string> {
    const { body } = await this.send('POST', '/v1/dev/tokens', { body: { userId } });
    return (body as { token: string }).token;
  }

  async send(method: string, address: string, options: RequestOptions = {}): Promise<Answer> {
    const { token, body, headers = {} } = options;
    const response = await fetch(new URL(address, this.url), {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as unknown) : text };
  }
}

interface RequestOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export async function temporaryDirectory(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'daybook-test-'));
  return { path: directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** Every process of this machine whose command line names the directory. */
export async function processesNaming(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => lines[index]?.includes(directory) === true);
}

/** After a test that failed halfway: what it started, stopped or not, must not keep the run from ending. */
export async function endInstances(directory: string): Promise<void> {
  const launchers = [...Instance.running].map(({ pid }) => pid);
  for (const pid of [...launchers, ...(await processesNaming(directory))]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has gone by itself.
    }
  }
}

export async function until(
  holds: () => boolean | Promise<boolean>,
  withinMs: number,
  complaint: () => string,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(complaint());
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
