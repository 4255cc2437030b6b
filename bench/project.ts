/**
 * W7: a projection that has never been, catching up with a log. The program's engine with one read model that counts by
 * key; the consumer of emmett with the same, as it comes and tuned; and two limits: reading without folding, and writing
 * each key of a batch once. Keys are few, some, or as many as events. Slices end after a while: a rate is what counts.
 *
 *   node bench/peers/install.cjs && npm run bench -- project [--smoke] [--rounds 5] [--events 200000] [--slice 8000] [--keys 1,2000,200000]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEventStoreNode } from '../apps/eventstore/src/index.js';
import { EsdbStore, openLog } from '@daybook/eventsourcing';
import { migrate, systemClock, systemRandom, systemTimers } from '@daybook/platform';
import { projectionMigrations } from '@daybook/projections';
import pg from 'pg';
import { fillNode } from './harness/fill.js';
import { rounded } from './harness/percentiles.js';
import { assertDurable, createDatabase, startBenchPostgres } from './harness/postgres.js';
import { table } from './harness/report.js';
import { main, progress, run, type RunResult } from './harness/run.js';
import { interleave, isNoisy, ratioOf, showSpread, spreadOf, type Contender, type Rounds, type Spread } from './harness/slices.js';
import { targetRow, type Target } from './harness/targets.js';
import { Worker } from './harness/worker.js';
import { countedEvent, familiesOf, streamOf } from './project/counter-group.js';
import type { ProjectSlice } from './project/worker.js';

const OURS = 'daybook: engine';
const DEFAULT = 'emmett: consumer as it comes';
const TUNED = 'emmett: batches of 1000, no pause, indexes';
const READ = 'limit: reading, no fold';
const UNNEST = 'limit: UNNEST, one row a key and batch';
const ROWS = "limit: the engine's own rows, no reading, no fold";
const MAX_EVENTS = 10_000_000;

interface Settings {
  readonly smoke: boolean;
  readonly rounds: number;
  readonly events: number;
  readonly milliseconds: number;
  readonly keys: readonly number[];
}

function settingsFrom(argv: readonly string[]): Settings {
  const text = { type: 'string' } as const;
  const options = { smoke: { type: 'boolean' }, rounds: text, events: text, slice: text, keys: text } as const;
  const { values } = parseArgs({ args: [...argv], options });
  const smoke = values.smoke === true;
  const events = Number(values.events ?? (smoke ? 4_000 : 200_000));
  return {
    smoke,
    rounds: Number(values.rounds ?? (smoke ? 1 : 5)),
    events: Math.min(events, MAX_EVENTS),
    milliseconds: Number(values.slice ?? (smoke ? 2_000 : 8_000)),
    keys: (values.keys ?? (smoke ? '200' : '1,2000,200000')).split(',').map(Number),
  };
}

/** One log, and one database of emmett's each way, for one number of keys. */
async function measureKeys(settings: Settings, keys: number, directory: string): Promise<{ rounds: Rounds<ProjectSlice>; durability: string }> {
  const node = await startEventStoreNode({ dir: path.join(directory, `node-${keys}`) });
  const postgres = await startBenchPostgres(path.join(directory, `postgres-${keys}`));
  const workers: Worker[] = [];
  const begin = (name: string, file: string, ...args: string[]): Worker => {
    const worker = Worker.start(name, file, args);
    workers.push(worker);
    return worker;
  };
  try {
    const durability = await assertDurable(postgres);
    const databaseUrl = await createDatabase(postgres, 'daybook');
    await withPool(databaseUrl, async (pool) => migrate(pool, projectionMigrations, { schema: 'projections' }));
    await openLogOf(node.port);
    const stream = { streams: familiesOf(keys), stream: streamOf };
    await fillNode(node.port, { events: settings.events, perAppend: 100, ...stream, event: (number, family) => countedEvent(number, family, keys) });
    const consumer = path.resolve('bench', 'peers', 'emmett-consumer.cjs');
    const emmett = [
      [DEFAULT, begin(DEFAULT, consumer, await createDatabase(postgres, 'emmett'), 'default')],
      [TUNED, begin(TUNED, consumer, await createDatabase(postgres, 'emmett_tuned'), 'tuned')],
    ] as const;
    const { events, milliseconds } = settings;
    for (const [, worker] of emmett) await worker.ask('fill', { events, keys });

    const order = { storeUrl: `esdb://127.0.0.1:${node.port}?tls=false`, databaseUrl, events, milliseconds, keys };
    const file = path.join(__dirname, 'project', 'worker.js');
    const ours = ([[OURS, 'catchUp'], [READ, 'readOnly'], [UNNEST, 'unnest'], [ROWS, 'engineRows']] as const).map(
      ([name, question]): Contender<ProjectSlice> => {
        const worker = begin(name, file);
        return { name, slice: () => worker.ask<ProjectSlice>(question, order) };
      },
    );
    const theirs = emmett.map(([name, worker]): Contender<ProjectSlice> => ({ name, slice: () => worker.ask<ProjectSlice>('slice', order) }));
    const rounds = await interleave([...ours, ...theirs], settings.rounds, (name, round) => progress(`${keys} keys, round ${round}: ${name}`));
    return { rounds, durability };
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
    await postgres.stop();
    await node.stop();
  }
}

/** A log has a name before anything follows it. */
async function openLogOf(port: number): Promise<void> {
  const store = new EsdbStore({ url: `esdb://127.0.0.1:${port}?tls=false`, timers: systemTimers });
  await openLog(store, systemRandom, systemClock);
  await store.close();
}

async function withPool<Result>(url: string, work: (pool: pg.Pool) => Promise<Result>): Promise<Result> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

async function measure(settings: Settings): Promise<RunResult> {
  if (!fs.existsSync(path.resolve('bench/peers/node_modules'))) throw new Error('the peers are not installed: node bench/peers/install.cjs');
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-bench-'));
  try {
    const measured = new Map<number, Rounds<ProjectSlice>>();
    let durability = '';
    for (const keys of settings.keys) {
      fs.mkdirSync(path.join(directory, `postgres-${keys}`));
      const result = await measureKeys(settings, keys, directory);
      durability = result.durability;
      measured.set(keys, result.rounds);
    }
    return resultOf(settings, measured, durability);
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

const perSecond = (slice: ProjectSlice): number => slice.perSecond;
const spreadAt = (rounds: Rounds<ProjectSlice>, name: string): Spread => spreadOf((rounds.get(name) ?? []).map(perSecond));

/** The limit that is lower in this run: nothing can be projected faster than it is read, or written. */
function lowerLimit(rounds: Rounds<ProjectSlice>): string {
  return spreadAt(rounds, READ).median <= spreadAt(rounds, UNNEST).median ? READ : UNNEST;
}

function resultOf(settings: Settings, measured: ReadonlyMap<number, Rounds<ProjectSlice>>, durability: string): RunResult {
  const intro = [
    `${durability}. ${settings.events} events, 100 an append, keys spread evenly; ${settings.rounds} rounds in an order drawn anew each round,`,
    `each of at most ${settings.milliseconds} ms. The engine also writes the audit log, the feed and a document a key: its own rows without anything`,
    'else are the last limit.',
    '',
  ];
  const sections = [...measured].flatMap(([keys, rounds]) => {
    const noisy = isNoisy(spreadAt(rounds, lowerLimit(rounds))) ? ' (noisy: the limit itself moved by a factor of two, repeat)' : '';
    const rows = [...rounds].map(([name, slices]) => [
      name,
      showSpread(spreadAt(rounds, name), 0),
      rounded(spreadOf(slices.map(({ cpuMicrosPerEvent }) => cpuMicrosPerEvent)).median, 1),
      name === OURS ? '' : showSpread(ratioOf(rounds, OURS, name, perSecond)),
    ]);
    return [`## ${keys} ${keys === 1 ? 'key' : 'keys'}${noisy}`, '', table(['', 'events/s, median (range)', 'CPU us an event', `${OURS} over it`], rows), ''];
  });
  const targets = [...measured].flatMap(([keys, rounds]): Target[] => {
    const limit = spreadAt(rounds, lowerLimit(rounds));
    const over = (name: string): Spread => ratioOf(rounds, OURS, name, perSecond);
    return [
      { says: `engine over tuned emmett, ${keys} keys`, got: over(TUNED), atLeast: 10, limit },
      { says: `engine over ${lowerLimit(rounds)}, ${keys} keys`, got: over(lowerLimit(rounds)), atLeast: 0.8, limit },
    ];
  });
  return {
    sections: [...intro, ...sections, '## Targets', '', table(['', 'due', 'median (range)', ''], targets.map(targetRow))],
    figures: { settings, durability, measured: Object.fromEntries([...measured].map(([keys, rounds]) => [keys, Object.fromEntries(rounds)])) },
  };
}

const settings = settingsFrom(process.argv.slice(2));
main(() => run({ name: 'project', title: 'W7: a projection catching up', smoke: settings.smoke }, () => measure(settings)));
