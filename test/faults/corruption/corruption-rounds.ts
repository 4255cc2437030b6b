import fs from 'node:fs';
import path from 'node:path';
import { EventStoreDBClient, START } from '@eventstore/db-client';
import {
  checkLog,
  EventStoreStartError,
  ExitCode,
  startEventStoreNode,
  UnreadableLogError,
  type Damage,
  type EventStoreNode,
} from '../../../apps/eventstore/src/index.js';
import { SeededRandom } from '../../simulation/seeded-random.js';
import { KINDS, mutate, PLACES, type Mutation } from './mutations.js';
import { readFrom, writeStore, type WrittenStore } from './written-store.js';

export interface CorruptionRounds {
  readonly directory: string;
  readonly files: number;
  /** The store is written in three lives; 130 appends in each make five segments. */
  readonly appendsALife: number;
  readonly seed: number;
  readonly onRound?: (round: number, line: string) => void;
}

export interface CorruptionReport {
  readonly files: number;
  readonly events: number;
  /** How the node noticed first. */
  readonly atOpen: number;
  readonly byRead: number;
  readonly byScrub: number;
  /** Only `store check` says it; every event was served, and right. */
  readonly byCheckOnly: number;
  /** An index that is older or gone: the segment says all of it. */
  readonly harmless: number;
  readonly wrongEvents: number;
  readonly violations: readonly string[];
}

/** What became of one damaged store. */
interface Round {
  readonly noticed: 'atOpen' | 'byRead' | 'byScrub' | 'byCheckOnly' | 'harmless';
  readonly wrongEvents: number;
  readonly violations: readonly string[];
}

/**
 * Damages one file of a store in one way, again and again, and looks at what the offline check says, whether the node
 * starts, what it serves and what its scrub finds. Nothing wrong may be served, nothing may be missing without a word,
 * and the damage must be named.
 */
export async function runCorruptionRounds(options: CorruptionRounds): Promise<CorruptionReport> {
  const random = new SeededRandom(options.seed);
  const store = await writeStore(path.join(options.directory, 'original'), options.appendsALife, random);
  const counts = { atOpen: 0, byRead: 0, byScrub: 0, byCheckOnly: 0, harmless: 0, wrongEvents: 0 };
  const violations: string[] = [];
  let round = 0;
  for (let draw = 0; round < options.files; draw += 1) {
    const target = path.join(options.directory, 'damaged');
    fs.rmSync(target, { recursive: true, force: true });
    fs.cpSync(store.directory, target, { recursive: true, filter: (source) => path.basename(source) !== 'lock' });
    const place = PLACES[draw % PLACES.length] ?? PLACES[0];
    const kind = KINDS[draw % KINDS.length] ?? KINDS[0]; // six places, seven kinds: 42 draws make every pair
    const mutation = mutate(store, target, place, kind, random);
    if (!mutation) continue;
    round += 1;
    const result = await tryStore(store, target, mutation);
    counts[result.noticed] += 1;
    counts.wrongEvents += result.wrongEvents;
    violations.push(...result.violations.map((violation) => `seed ${options.seed}, ${mutation.description}: ${violation}`));
    options.onRound?.(round, `${mutation.description}: ${result.noticed}`);
  }
  return { files: round, events: store.history.length, ...counts, violations };
}

async function tryStore(store: WrittenStore, target: string, mutation: Mutation): Promise<Round> {
  const checked = await damageSaidByCheck(target);
  const damage: Damage[] = [];
  const lines: string[] = [];
  const scrub = whenScrubbed(damage);
  const node = await startEventStoreNode({
    dir: target,
    args: ['--scrub-mib', '4096', '--reserve-mib', '0'],
    onLine: (line) => lines.push(line),
    onMessage: scrub.onMessage,
  }).catch((error: unknown) => error);
  const names = (said: string): boolean => mutation.changed.some((change) => isNamedIn(said, change));
  const isFound = checked.some(names);
  const unnamed = isFound || isHarmless(mutation) ? [] : [`the check names ${checked.join(' ') || 'nothing'}`];
  if (node instanceof EventStoreStartError) {
    const expected = node.exitCode === ExitCode.DAMAGED_LOG && names(node.message);
    const violations = expected ? unnamed : [...unnamed, `the node ended with ${node.exitCode}: ${node.message}`];
    return { noticed: 'atOpen', wrongEvents: 0, violations };
  }
  if (!isNode(node)) throw node;
  const serving = await readEverything(store, node);
  await scrub.passed;
  await node.stop();
  const distrusted = lines.some((line) => line.includes('failed its checksum'));
  const said = [...serving.refusals, ...damage.map(({ file, from, to }) => nameRange(file, from, to))];
  const wrongName = said.filter((text) => !names(text)).map((text) => `something else is named: ${text}`);
  const dropped = lines.filter((line) => line.startsWith('Dropped')).map((line) => `the node said: ${line}`);
  const noticed = serving.refusals.length > 0 ? 'byRead' : damage.length > 0 ? 'byScrub' : distrusted ? 'atOpen' : isFound ? 'byCheckOnly' : 'harmless';
  const missing = serving.missing === 0 ? [] : [`${serving.missing} events are missing without a word`];
  const wrong = serving.wrong === 0 ? [] : [`${serving.wrong} events are served wrong`];
  const unnoticed = noticed === 'harmless' ? unnamed : [];
  return { noticed, wrongEvents: serving.wrong, violations: [...unnoticed, ...wrongName, ...dropped, ...missing, ...wrong] };
}

/** The segment says all that an index does: without one, or with an older one, nothing is lost. */
function isHarmless({ place, kind }: Mutation): boolean {
  return place === 'index' && (kind === 'removed' || kind === 'older copy');
}

async function damageSaidByCheck(target: string): Promise<string[]> {
  try {
    const { damage } = await checkLog(target);
    return damage.map(({ file, from, to }) => nameRange(file, from, to));
  } catch (error) {
    if (error instanceof UnreadableLogError) return [error.message];
    throw error;
  }
}

function whenScrubbed(damage: Damage[]) {
  let pass = (): void => undefined;
  const passed = new Promise<void>((resolve) => (pass = resolve));
  const onMessage = (message: object): void => {
    if ('damage' in message) damage.push(message.damage as Damage);
    if ('scrubbed' in message) pass();
  };
  return { passed, onMessage };
}

/** From the start, and behind each event that is refused from the next one on. */
async function readEverything(store: WrittenStore, node: EventStoreNode) {
  const client = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${node.port}?tls=false`);
  const refusals: string[] = [];
  let wrong = 0;
  let missing = 0;
  for (let next = 0; next < store.history.length; ) {
    const position = store.history[next]?.position as bigint;
    const reading = await readFrom(client, next === 0 ? START : { commit: position, prepare: position });
    for (const event of reading.events) {
      const original = store.history[next];
      if (event.position !== original?.position || event.text !== original.text) wrong += 1;
      next += 1;
    }
    if (reading.refusal === undefined) {
      missing += store.history.length - next;
      break;
    }
    refusals.push(reading.refusal);
    next += 1;
  }
  await client.dispose();
  return { refusals, wrong, missing };
}

function nameRange(file: string, from: number, to: number): string {
  return `${file} is damaged in bytes ${from} to ${to}`;
}

/** The same file, and bytes that meet; a file that is gone or swapped is named as a whole. */
function isNamedIn(said: string, change: { file: string; from: number; to: number }): boolean {
  const match = /([^/\s]+\.(?:log|idx)) is damaged in bytes (\d+) to (\d+)/.exec(said);
  if (match?.[1] !== change.file) return false;
  const [from, to] = [Number(match[2]), Number(match[3])];
  return from === to || (from < change.to && change.from < to);
}

function isNode(value: unknown): value is EventStoreNode {
  return typeof value === 'object' && value !== null && 'port' in value;
}
