/**
 * Reading a whole log, by every road there is: the program's store port (readAll, and the subscription the engine uses),
 * the official client alone, a decoder written by hand over the same library and over bare HTTP/2, and the bytes alone.
 * Which of them the program may use, and what that costs, is ADR 0115.
 *
 *   npm run bench -- read [--smoke] [--rounds 7] [--events 100000]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEventStoreNode } from '../apps/eventstore/src/index.js';
import { expenseEvent, familyStream } from './group/budget-group.js';
import { fillNode } from './harness/fill.js';
import { rounded } from './harness/percentiles.js';
import { table } from './harness/report.js';
import { main, progress, run, type RunResult } from './harness/run.js';
import { interleave, isNoisy, ratioOf, showSpread, spreadOf, type Rounds } from './harness/slices.js';
import { Worker } from './harness/worker.js';
import type { ReadSlice } from './read/worker.js';

const OURS = 'store port, readAll';
const LIMIT = 'raw bytes';
const DECODED = [OURS, 'store port, subscribe', 'hand decoder over grpc-js', 'hand decoder over http2'] as const;
const ROADS = [...DECODED, 'official client', LIMIT] as const;
const FAMILIES = 504;
const RECORDED_AT = '2026-03-01T12:00:00.000Z';

interface Settings {
  readonly smoke: boolean;
  readonly rounds: number;
  readonly events: number;
}

function settingsFrom(argv: readonly string[]): Settings {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ args: [...argv], options: { smoke: { type: 'boolean' }, rounds: text, events: text } });
  const smoke = values.smoke === true;
  return { smoke, rounds: Number(values.rounds ?? (smoke ? 2 : 7)), events: Number(values.events ?? (smoke ? 5_000 : 100_000)) };
}

async function measure(settings: Settings): Promise<RunResult> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-bench-'));
  const node = await startEventStoreNode({ dir: path.join(directory, 'node') });
  const workers = new Map(ROADS.map((road) => [road, Worker.start(road, path.join(__dirname, 'read', 'worker.js'))]));
  try {
    // A little more than is read, so that no road comes to an end that the others do not see.
    await fillNode(node.port, {
      events: settings.events + 1_000,
      perAppend: 100,
      streams: FAMILIES,
      stream: familyStream,
      event: (number) => expenseEvent(number, RECORDED_AT),
    });
    const order = { port: String(node.port), events: settings.events };
    const contenders = [...workers].map(([road, worker]) => ({ name: road, slice: () => worker.ask<ReadSlice>('slice', { ...order, road }) }));
    const rounds = await interleave(contenders, settings.rounds, (name, round) => progress(`round ${round}: ${name}`));
    const sums = new Set(DECODED.flatMap((road) => (rounds.get(road) ?? []).map(({ sum }) => sum)));
    if (sums.size !== 1) throw new Error(`the roads did not read the same: ${[...sums].join(', ')}`);
    return resultOf(settings, rounds);
  } finally {
    await Promise.all([...workers.values()].map((worker) => worker.stop()));
    await node.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

const perSecond = (slice: ReadSlice): number => slice.perSecond;
const cpu = (slice: ReadSlice): number => slice.cpuMicrosPerEvent;

function resultOf(settings: Settings, rounds: Rounds<ReadSlice>): RunResult {
  const noisy = isNoisy(spreadOf((rounds.get(LIMIT) ?? []).map(perSecond)));
  const rows = [...rounds].map(([road, slices]) => [
    road,
    showSpread(spreadOf(slices.map(perSecond)), 0),
    rounded(spreadOf(slices.map(cpu)).median, 1),
    road === OURS ? '' : showSpread(ratioOf(rounds, road, OURS, perSecond)),
    road === OURS ? '' : showSpread(ratioOf(rounds, OURS, road, cpu)),
  ]);
  const sections = [
    `${settings.events} events of about 300 bytes of data and 400 of metadata, ${settings.rounds} rounds, each reader in a process of its own.`,
    ...(noisy ? ['**Noisy: the limit itself moved by a factor of two. Repeat.**'] : []),
    '',
    table(['', 'events/s, median (range)', 'reader CPU us an event', `its rate over ${OURS}`, `CPU of ${OURS} over its`], rows),
    '',
    `The loss of speaking through the official client alone is the row "hand decoder over grpc-js": the same transport, another decoder.`,
  ];
  return { sections, figures: { settings, noisy, rounds: Object.fromEntries(rounds) } };
}

const settings = settingsFrom(process.argv.slice(2));
main(() => run({ name: 'read', title: 'Reading a whole log', smoke: settings.smoke }, () => measure(settings)));
