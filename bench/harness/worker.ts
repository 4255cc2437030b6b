import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/**
 * Everything that is measured runs in a process of its own: its processor time is its own, and nothing one library does
 * to another (global type parsers, global state of clients) reaches the next contender.
 */
interface Question {
  readonly number: number;
  readonly name: string;
  readonly args: unknown;
}

interface Answer {
  readonly number: number;
  readonly result?: unknown;
  readonly error?: string;
}

export class Worker {
  private readonly open = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  private asked = 0;

  private constructor(
    name: string,
    private readonly child: ChildProcess,
  ) {
    child.on('message', ({ number, result, error }: Answer) => {
      const call = this.open.get(number);
      this.open.delete(number);
      if (error === undefined) call?.resolve(result);
      else call?.reject(new Error(`${name}: ${error}`));
    });
    child.on('exit', (code) => {
      for (const { reject } of this.open.values()) reject(new Error(`${name} ended with ${code}`));
      this.open.clear();
    });
  }

  static start(name: string, file: string, args: readonly string[] = []): Worker {
    return new Worker(name, fork(file, [...args], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  }

  async ask<Result>(name: string, args: unknown = {}): Promise<Result> {
    this.asked += 1;
    const number = this.asked;
    const answered = new Promise<unknown>((resolve, reject) => this.open.set(number, { resolve, reject }));
    this.child.send({ number, name, args } satisfies Question);
    return (await answered) as Result;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

/** What a worker's process calls: answers questions one at a time, and goes with its parent. */
export function serve(handlers: Readonly<Record<string, (args: never) => Promise<unknown> | unknown>>): void {
  const say = (answer: Answer): void => void process.send?.(answer);
  process.on('message', ({ number, name, args }: Question) => {
    const handler = handlers[name];
    Promise.resolve()
      .then(() => {
        if (handler === undefined) throw new TypeError(`${name} is not what this worker does`);
        return handler(args as never);
      })
      .then(
        (result) => say({ number, result }),
        (error: unknown) => say({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
      );
  });
  process.on('disconnect', () => process.exit(0));
}
