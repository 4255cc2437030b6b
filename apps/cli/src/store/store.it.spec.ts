import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { EsdbStore, NO_EVENTS, openLog, type EventStore, type NewEvent, type RecordedEvent } from '@daybook/eventsourcing';
import { systemClock, systemRandom, systemTimers } from '@daybook/platform';
import { startEventStoreNode, type EventStoreNode } from '../../../eventstore/src/index.js';
import { flipBit } from '../../../../test/support/event-log.js';

/** What bin/daybook.cjs does, less the build. */
const PROGRAM = `require(${JSON.stringify(path.resolve('dist/apps/cli/src/main.js'))}).main(['node', 'daybook', ...process.argv.slice(1)])`;
const STREAMS = 60;
let directory: string;
let running: EventStoreNode[];

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-store-'));
  running = [];
});

afterEach(async () => {
  for (const node of running) await node.stop();
  fs.rmSync(directory, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function begin(...args: string[]): { child: ChildProcess; ended: Promise<Ended>; stderr: () => string } {
  const child = spawn(process.execPath, ['-e', PROGRAM, '--', 'store', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
  return { child, ended, stderr: () => stderr };
}

function daybookStore(...args: string[]): Promise<Ended> {
  return begin(...args).ended;
}

/** The last event the program has to say, as JSON. */
function answerOf({ code, stdout, stderr }: Ended): Record<string, unknown> {
  if (stdout === '') throw new Error(`ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const at = (name: string): string => path.join(directory, name);

async function startNode(dir: string): Promise<EventStoreNode> {
  const node = await startEventStoreNode({ dir, args: ['--segment-mib', '1'] });
  running.push(node);
  return node;
}

function urlOf(node: EventStoreNode): string {
  return `esdb://127.0.0.1:${node.port}?tls=false`;
}

async function withStore<Result>(node: EventStoreNode, work: (store: EventStore) => Promise<Result>): Promise<Result> {
  const store = new EsdbStore({ url: urlOf(node), timers: systemTimers });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A log of Daybook in a directory: its name, then events of many streams, one to sixteen at a time. */
async function writeLog(dir: string, events: number): Promise<void> {
  const node = await startEventStoreNode({ dir, args: ['--segment-mib', '1'] });
  await withStore(node, async (store) => {
    await openLog(store, systemRandom, systemClock);
    let written = 0;
    const write = async (first: number): Promise<void> => {
      const next = new Map<string, bigint>();
      for (let turn = 0; written < events; turn += 1) {
        const stream = `ledger-${first + ((turn * 7) % (STREAMS / 12)) * 12}`;
        const run = Array.from({ length: Math.min(1 + (turn % 16), events - written) }, () => event(turn));
        written += run.length;
        next.set(stream, (await store.append(stream, run, next.get(stream) ?? NO_EVENTS)).revision);
      }
    };
    await Promise.all(Array.from({ length: 12 }, (_, writer) => write(writer)));
  });
  await node.stop();
}

function event(number: number): NewEvent {
  return { id: randomUUID(), type: `Happened${number % 3}`, data: { number, text: 'x'.repeat(100) }, metadata: { by: 'test' } };
}

async function eventsIn(dir: string): Promise<RecordedEvent[]> {
  const node = await startEventStoreNode({ dir });
  const events = await withStore(node, async (store) => {
    const all: RecordedEvent[] = [];
    for await (const one of store.readAll()) all.push(one);
    return all;
  });
  await node.stop();
  return events;
}

function withoutPosition(events: readonly RecordedEvent[]): object[] {
  return events.map(({ position: _, ...rest }) => rest);
}

describe('daybook store check', () => {
  it('says that a log is whole, or which bytes of which file are not', async () => {
    await writeLog(at('log'), 200);
    const whole = await daybookStore('check', '--data-dir', at('log'), '-o', 'json');
    expect(whole.code).toBe(0);
    expect(answerOf(whole)).toMatchObject({ events: 203, streams: 62, damage: [] });

    const file = at('log/00000000000000000000.log');
    await flipBit(file, 5_000);
    const damaged = await daybookStore('check', '--data-dir', at('log'));
    expect([damaged.code, damaged.stdout]).toEqual([5, expect.stringContaining('damaged in 1 places')]);
    expect(damaged.stdout).toContain(file);
  });

  it('refuses while a node has the directory, and cannot verify what is not there', async () => {
    await startNode(at('log'));
    const busy = await daybookStore('check', '--data-dir', at('log'));
    expect([busy.code, busy.stderr]).toEqual([3, expect.stringContaining('in use')]);
    expect((await daybookStore('check', '--data-dir', at('nowhere'))).code).toBe(6);
    expect((await daybookStore('chek')).code).toBe(64);
  });
});

describe('daybook store stats', () => {
  it('counts the same in files and behind an address', async () => {
    await writeLog(at('log'), 150);
    const files = answerOf(await daybookStore('stats', '--from', at('log'), '-o', 'json', '--top', '3'));
    const node = await startNode(at('log'));
    const server = answerOf(await daybookStore('stats', '--from', urlOf(node), '-o', 'json', '--top', '3'));

    expect(files).toMatchObject({ events: 151, systemEvents: 2, segments: 1, tooLong: 0 });
    const names = (counts: unknown): unknown => (counts as { name: string; events: number }[]).map(({ name, events }) => [name, events]);
    for (const part of ['kinds', 'types', 'largest']) expect(names(server[part])).toEqual(names(files[part]));
  });
});

describe('daybook store copy', () => {
  it('goes on after kill -9 and Ctrl-C, and then both sides are alike', async () => {
    await writeLog(at('log'), 10_000);
    const killed = begin('copy', '--from', at('log'), '--to', at('home'));
    await untilCopying(killed.stderr, 1_000);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const interrupted = begin('copy', '--from', at('log'), '--to', at('home'));
    await untilCopying(interrupted.stderr, 1_000);
    interrupted.child.kill('SIGINT');
    expect((await interrupted.ended).code).toBe(130);

    const done = await daybookStore('copy', '--from', at('log'), '--to', at('home'), '-o', 'json');
    const answer = answerOf(done);
    expect([done.code, answer]).toEqual([0, expect.objectContaining({ events: 10_001, result: 'both are alike' })]);
    expect(answer['alreadyThere']).toBeGreaterThan(1_000);
    const copy = await eventsIn(at('home/eventstore'));
    expect(withoutPosition(copy.slice(0, -1))).toEqual(withoutPosition(await eventsIn(at('log'))));
    expect(copy.at(-1)).toMatchObject({ type: 'LogOpened', data: { logId: answer['logId'], parent: answer['copyOf'] } });
    const verified = answerOf(await daybookStore('copy', '--from', at('log'), '--to', at('home'), '--verify-only', '-o', 'json'));
    expect(verified['digest']).toBe(answer['digest']);
  }, 180_000);

  it('moves a log to a server and back, and says beforehand what it would do', async () => {
    await writeLog(at('log'), 300);
    const server = await startNode(at('server'));
    const planned = await daybookStore('copy', '--from', at('log'), '--to', urlOf(server), '--dry-run', '-o', 'json');
    expect(answerOf(planned)).toMatchObject({ events: 301, alreadyThere: 0, toCopy: 301 });
    expect((await daybookStore('copy', '--from', at('log'), '--to', urlOf(server))).code).toBe(0);
    const back = await daybookStore('copy', '--from', urlOf(server), '--to', at('back'), '-o', 'json');

    expect(answerOf(back)).toMatchObject({ events: 302, copied: 302 });
    const copy = await eventsIn(at('back/eventstore'));
    expect(withoutPosition(copy.slice(0, 301))).toEqual(withoutPosition(await eventsIn(at('log'))));
  }, 60_000);

  it('refuses a target that holds something else, and finds what differs', async () => {
    await writeLog(at('log'), 50);
    await writeLog(at('other'), 50);
    const refused = await daybookStore('copy', '--from', at('log'), '--to', at('other'));
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('The target holds something else: event 1 is LogOpened')]);
    expect((await daybookStore('copy', '--from', at('log'), '--to', at('other'), '--verify-only')).code).toBe(2);
    expect((await daybookStore('copy', '--from', at('log'), '--to', at('log'))).code).toBe(64);
  }, 60_000);

  it('does not complete a copy of a source that grows, and says what to do', async () => {
    await writeLog(at('log'), 2_000);
    const source = await startNode(at('log'));
    const copying = begin('copy', '--from', urlOf(source), '--to', at('home'));
    await untilCopying(copying.stderr, 1);
    await withStore(source, (store) => store.append('ledger-late', [event(1)], NO_EVENTS));
    const refused = await copying.ended;
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('Stop Daybook there')]);

    const done = await daybookStore('copy', '--from', urlOf(source), '--to', at('home'), '-o', 'json');
    expect(answerOf(done)).toMatchObject({ events: 2_002, result: 'both are alike' });
    await withStore(source, (store) => store.append('ledger-later', [event(1)], NO_EVENTS));
    expect((await daybookStore('copy', '--from', urlOf(source), '--to', at('home'), '--verify-only')).code).toBe(2);
  }, 120_000);
});

/** Progress is a line of JSON on stderr: a program can wait for it. */
async function untilCopying(stderr: () => string, events: number): Promise<void> {
  const isThere = (): boolean =>
    stderr()
      .split('\n')
      .filter((line) => line.startsWith('{"phase":"copy"'))
      .some((line) => (JSON.parse(line) as { done: number }).done >= events);
  while (!isThere()) await systemTimers.sleep(10);
}
