/**
 * W1: one event an append, at an exact revision, to streams of their own. The node through the program's store port,
 * through the official client alone and over the bare wire; the best libraries of npm on the same Postgres the program
 * ships; one prepared row an event; and the same bytes written and synced in groups. All of it durable, interleaved in
 * one run. The ceiling of the client is the same client at a server that acknowledges at once.
 *
 *   node bench/peers/install.cjs && npm run bench -- append [--smoke] [--rounds 7] [--slice 2000] [--writers 1,16,64,256]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEventStoreNode } from '../apps/eventstore/src/index.js';
import type { Slice } from './harness/closed-loop.js';
import { assertDurable, CONNECTIONS_MAX, createDatabase, startBenchPostgres } from './harness/postgres.js';
import { rounded } from './harness/percentiles.js';
import { table } from './harness/report.js';
import { main, progress, run, type RunResult } from './harness/run.js';
import { interleave, isNoisy, ratioOf, showSpread, spreadOf, type Contender, type Rounds } from './harness/slices.js';
import { targetRow, type Target } from './harness/targets.js';
import { Worker } from './harness/worker.js';
import { STORED_BYTES } from './append/payload.js';

const OURS = 'daybook: store port';
const CLIENT = 'daybook: official client';
const WIRE = 'daybook: bare wire';
const CEILING = 'official client, server that stores nothing';
const ROWS = 'Postgres: one prepared row';
const LIMIT = 'write + fdatasync in groups';
const PEERS = ['emmett (its own pool)', 'emmett (pool = writers)', 'castore', 'message-db'] as const;
const EMMETT = PEERS.slice(0, 2);
const WARM_UP_WRITERS = 16;

interface Settings {
  readonly smoke: boolean;
  readonly rounds: number;
  readonly milliseconds: number;
  /** Once for each contender: libraries of many small functions take thousands of calls until they are compiled. */
  readonly warmUpMilliseconds: number;
  readonly writers: readonly number[];
}

interface Running {
  readonly workers: ReadonlyMap<string, Worker>;
  readonly durability: string;
  /** Ends the node and says how many events it has. */
  readonly stopNode: () => Promise<number>;
}

type Measured = ReadonlyMap<number, Rounds<Slice>>;

function settingsFrom(argv: readonly string[]): Settings {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...argv], options: { smoke: { type: 'boolean' }, rounds: text, slice: text, writers: text } });
  const smoke = values.smoke === true;
  return {
    smoke,
    rounds: Number(values.rounds ?? (smoke ? 1 : 7)),
    milliseconds: Number(values.slice ?? (smoke ? 250 : 2_000)),
    warmUpMilliseconds: smoke ? 100 : 5_000,
    writers: (values.writers ?? (smoke ? '1,16' : '1,16,64,256')).split(',').map(Number),
  };
}

async function withContenders<Result>(directory: string, work: (running: Running) => Promise<Result>): Promise<Result> {
  const workerFile = path.join(__dirname, 'append', 'worker.js');
  const peerFile = (name: string): string => path.resolve('bench', 'peers', `${name}.cjs`);
  if (!fs.existsSync(path.resolve('bench/peers/node_modules'))) throw new Error('the peers are not installed: node bench/peers/install.cjs');
  const nodeDirectory = path.join(directory, 'node');
  const node = await startEventStoreNode({ dir: nodeDirectory });
  const postgres = await startBenchPostgres(directory);
  const nullServer = Worker.start('null server', path.join(__dirname, 'append', 'null-server.js'));
  const workers = new Map<string, Worker>();
  try {
    const durability = await assertDurable(postgres);
    const { port } = await nullServer.ask<{ port: number }>('start');
    const at = async (name: string): Promise<string> => createDatabase(postgres, name);
    const begin = (name: string, file: string, ...args: string[]): void => void workers.set(name, Worker.start(name, file, args));
    begin(OURS, workerFile, 'store port', String(node.port));
    begin(CLIENT, workerFile, 'client', String(node.port));
    begin(WIRE, workerFile, 'wire', String(node.port));
    begin(CEILING, workerFile, 'client', String(port));
    begin(PEERS[0], peerFile('emmett'), await at('emmett'));
    begin(PEERS[1], peerFile('emmett'), await at('emmett_tuned'), 'tuned');
    begin(PEERS[2], peerFile('castore'), await at('castore'));
    begin(PEERS[3], peerFile('message-db'), await at('message_db'));
    begin(ROWS, workerFile, 'rows', await at('rows'));
    begin(LIMIT, workerFile, 'bytes', directory);
    for (const peer of PEERS) await workers.get(peer)?.ask('install');
    const stopNode = async (): Promise<number> => {
      await node.stop();
      const again = await startEventStoreNode({ dir: nodeDirectory });
      await again.stop();
      return again.events;
    };
    return await work({ workers, durability, stopNode });
  } finally {
    await Promise.all([...workers.values(), nullServer].map((worker) => worker.stop()));
    await postgres.stop();
    await node.stop();
  }
}

async function measure(settings: Settings): Promise<RunResult> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-bench-'));
  try {
    return await withContenders(directory, async (running) => {
      const measured = new Map<number, Rounds<Slice>>();
      for (const [name, worker] of running.workers) {
        progress(`warming up: ${name}`);
        await worker.ask<Slice>('slice', { writers: WARM_UP_WRITERS, milliseconds: settings.warmUpMilliseconds, warmUpMilliseconds: 0, connections: CONNECTIONS_MAX });
      }
      for (const writers of settings.writers) {
        const contenders = [...running.workers].map(
          ([name, worker]): Contender<Slice> => ({
            name,
            slice: () =>
              worker.ask<Slice>('slice', {
                writers,
                milliseconds: settings.milliseconds,
                warmUpMilliseconds: settings.milliseconds / 4,
                connections: CONNECTIONS_MAX,
              }),
          }),
        );
        measured.set(writers, await interleave(contenders, settings.rounds, (name, round) => progress(`${writers} writers, round ${round}: ${name}`)));
      }
      await verify(running);
      return resultOf(settings, measured, running.durability);
    });
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

const SYSTEM_EVENTS = 2;

/** What was acknowledged must be there, with every contender; a run in which it is not counts for nothing. */
async function verify({ workers, stopNode }: Running): Promise<void> {
  const acknowledged = async (name: string): Promise<number> => (await workers.get(name)?.ask<number>('acknowledged')) ?? 0;
  for (const peer of PEERS) {
    const [told, stored] = [await acknowledged(peer), await workers.get(peer)?.ask<number>('count')];
    if (told !== stored) throw new Error(`${peer} acknowledged ${told} events and has ${stored}`);
  }
  const told = (await acknowledged(OURS)) + (await acknowledged(CLIENT)) + (await acknowledged(WIRE)) + SYSTEM_EVENTS;
  const stored = await stopNode();
  if (told !== stored) throw new Error(`the node acknowledged ${told} events and has ${stored}`);
}

const perSecond = ({ perSecond: rate }: Slice): number => rate;
const p50 = ({ p50Ms }: Slice): number => p50Ms;

function resultOf(settings: Settings, measured: Measured, durability: string): RunResult {
  const sections = [...measured].flatMap(([writers, rounds]) => [
    `## ${writers} ${writers === 1 ? 'writer' : 'writers'}${isNoisy(limitOf(rounds)) ? ' (noisy: the limit itself moved by a factor of two, repeat)' : ''}`,
    '',
    table(
      ['', 'appends/s, median (range)', 'p50 ms', 'p99 ms', 'client CPU us', `${OURS} over it`],
      [...rounds].map(([name, slices]) => [
        name,
        showSpread(spreadOf(slices.map(perSecond)), 0),
        middle(slices, p50),
        middle(slices, ({ p99Ms }) => p99Ms),
        middle(slices, ({ cpuMicrosPerOp }) => cpuMicrosPerOp),
        name === OURS ? '' : showSpread(ratioOf(rounds, OURS, name, perSecond)),
      ]),
    ),
    '',
  ]);
  const targets = targetsOf(measured);
  const intro = [
    `${durability}; the node syncs before every answer and cannot be told otherwise. One event of 291 + 66 bytes an append,`,
    `${settings.rounds} rounds of ${settings.milliseconds} ms slices in an order drawn anew each round; at most ${CONNECTIONS_MAX} connections. The limit writes ${STORED_BYTES} bytes an event.`,
    '',
  ];
  return {
    sections: [...intro, ...sections, '## Targets', '', table(['', 'due', 'median (range)', ''], targets.map(targetRow))],
    figures: { settings, durability, measured: Object.fromEntries([...measured].map(([writers, rounds]) => [writers, Object.fromEntries(rounds)])) },
  };
}

function middle(slices: readonly Slice[], value: (slice: Slice) => number): number {
  return rounded(spreadOf(slices.map(value)).median);
}

function limitOf(rounds: Rounds<Slice>): ReturnType<typeof spreadOf> {
  return spreadOf((rounds.get(LIMIT) ?? []).map(perSecond));
}

function targetsOf(measured: Measured): Target[] {
  const targets: Target[] = [];
  for (const [writers, atLeast] of [[16, 2.5], [64, 5]] as const) {
    const rounds = measured.get(writers);
    if (rounds === undefined) continue;
    const emmett = best(rounds, EMMETT, perSecond, 'most');
    for (const ours of [OURS, CLIENT]) {
      const got = ratioOf(rounds, ours, emmett, perSecond);
      targets.push({ says: `${ours} over ${emmett}, ${writers} writers`, got, atLeast, limit: limitOf(rounds) });
    }
  }
  const crowd = measured.get(64);
  if (crowd !== undefined) {
    targets.push({ says: `${CLIENT} over its own ceiling, 64 writers`, got: ratioOf(crowd, CLIENT, CEILING, perSecond), atLeast: 0.8, limit: limitOf(crowd) });
  }
  const alone = measured.get(1);
  if (alone !== undefined) {
    const peer = best(alone, PEERS, p50, 'least');
    targets.push({ says: `p50 of ${OURS} over ${peer}, 1 writer`, got: ratioOf(alone, OURS, peer, p50), atMost: 1, limit: limitOf(alone) });
  }
  return targets;
}

function best(rounds: Rounds<Slice>, names: readonly string[], value: (slice: Slice) => number, wanted: 'most' | 'least'): string {
  const medianOf = (name: string): number => spreadOf((rounds.get(name) ?? []).map(value)).median * (wanted === 'most' ? 1 : -1);
  return names.reduce((one, other) => (medianOf(other) > medianOf(one) ? other : one));
}

const settings = settingsFrom(process.argv.slice(2));
main(() => run({ name: 'append', title: 'W1: appends', smoke: settings.smoke }, () => measure(settings)));
