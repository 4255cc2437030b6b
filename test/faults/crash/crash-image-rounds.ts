import fs from 'node:fs';
import path from 'node:path';
import { checkLog } from '../../../apps/eventstore/src/index.js';
import { segmentBaseOf, SEGMENT_HEADER_BYTES } from '../../../apps/eventstore/src/storage/segment.js';
import { SeededRandom } from '../../simulation/seeded-random.js';
import { LogOnDisk } from '../../support/event-log.js';
import { CrashDisk, type Survival } from './crash-disk.js';
import type { RecordedCall } from './disk-calls.js';
import { recordDisk } from './record-disk.js';

export interface CrashImages {
  /** For the recording and the images; a file system in memory is quickest. */
  readonly directory: string;
  readonly images: number;
  readonly appendsALife: number;
  readonly seed: number;
  readonly onProgress?: (images: number) => void;
}

export interface CrashImageReport {
  readonly images: number;
  readonly calls: number;
  readonly events: number;
  readonly batches: number;
  /** Images of which something had to be cut off. */
  readonly torn: number;
  readonly violations: readonly string[];
}

/** What was really written in the end: every image must open to a beginning of it. */
interface Written {
  readonly positions: readonly number[];
  readonly files: ReadonlyMap<string, Buffer>;
  /** Log offsets where a batch, or the header of a segment, ends. */
  readonly ends: ReadonlySet<number>;
}

const SEGMENT_BYTES = 2 ** 20;
/** Every so many images are written to after they are opened, and checked whole. */
const APPENDED_EVERY = 20;

/**
 * Records what a node does to its disk, puts the disk together again as a power cut at any moment may have left it, and
 * opens that: with everything that was synced, nothing that was never written, and no half batch.
 */
export async function runCrashImages(options: CrashImages): Promise<CrashImageReport> {
  const random = new SeededRandom(options.seed);
  const { calls, directory } = await recordDisk(options.directory, options.appendsALife, random);
  const written = await whatWasWritten(directory, calls);
  const violations: string[] = [];
  let images = 0;
  let torn = 0;
  const tryImage = async (disk: CrashDisk, survival: Survival, name: string): Promise<void> => {
    const target = path.join(options.directory, 'image');
    images += 1;
    const found = await openImage(disk, survival, { target, written, isAppendedTo: images % APPENDED_EVERY === 0 });
    if (found.tornBytes > 0) torn += 1;
    for (const violation of found.violations) violations.push(`${name}: ${violation}`);
    options.onProgress?.(images);
  };
  const perMoment = Math.max(0, Math.ceil((options.images - 2 * calls.length) / momentsOfChance(calls)));
  const disk = new CrashDisk();
  for (const [at, call] of calls.entries()) {
    disk.apply(call);
    const name = `seed ${options.seed}, call ${at} (${call.call.call} ${call.call.file})`;
    await tryImage(disk, 'everything', `${name}, everything`);
    await tryImage(disk, 'nothing', `${name}, nothing`);
    for (let draw = 0; draw < perMoment && disk.hasPending; draw += 1) await tryImage(disk, random, `${name}, draw ${draw}`);
  }
  return { images, calls: calls.length, events: written.positions.length, batches: written.ends.size, torn, violations };
}

function momentsOfChance(calls: readonly RecordedCall[]): number {
  const disk = new CrashDisk();
  let moments = 0;
  for (const call of calls) {
    disk.apply(call);
    if (disk.hasPending) moments += 1;
  }
  return moments;
}

async function whatWasWritten(directory: string, calls: readonly RecordedCall[]): Promise<Written> {
  const files = new Map(logNames(fs.readdirSync(directory)).map((name) => [name, fs.readFileSync(path.join(directory, name))]));
  const { damage } = await checkLog(directory);
  if (damage.length > 0) throw new Error(`the recorded log itself is damaged: ${damage[0]?.reason}`);
  const { index, log } = await LogOnDisk.open(directory, SEGMENT_BYTES);
  const positions = Array.from({ length: index.count }, (_, ordinal) => index.position(ordinal));
  await log.closeFiles();
  const ends = new Set<number>([SEGMENT_HEADER_BYTES]);
  for (const { call } of calls) {
    const base = segmentBaseOf(call.file);
    if (call.call === 'write' && base !== undefined) ends.add(base + call.offset + call.length);
  }
  return { positions, files, ends };
}

async function openImage(
  disk: CrashDisk,
  survival: Survival,
  { target, written, isAppendedTo }: { target: string; written: Written; isAppendedTo: boolean },
): Promise<{ violations: string[]; tornBytes: number }> {
  const image = disk.image(survival);
  const certain = eventsIn(disk.image('nothing'), written);
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target);
  for (const [name, bytes] of image) fs.writeFileSync(path.join(target, name), bytes);
  const opened = await LogOnDisk.open(target, SEGMENT_BYTES).catch((error: unknown) => error as Error);
  if (opened instanceof Error) return { violations: [`refused: ${opened.message}`], tornBytes: 0 };
  const { index, log } = opened;
  const violations: string[] = [];
  if (index.count < certain) violations.push(`${certain} events were synced, ${index.count} are there`);
  for (let ordinal = 0; ordinal < index.count; ordinal += 1) {
    if (index.position(ordinal) === written.positions[ordinal]) continue;
    violations.push(`event ${ordinal} is at ${index.position(ordinal)}, where nothing was written`);
    break;
  }
  const { tail } = log;
  if (!written.ends.has(tail) && !written.ends.has(tail - SEGMENT_HEADER_BYTES)) violations.push(`half a batch, up to ${tail}`);
  for (const { file, base, size } of log.writtenSegments()) {
    const original = written.files.get(path.basename(file))?.subarray(0, size) ?? Buffer.alloc(0);
    if (!fs.readFileSync(file).equals(original)) violations.push(`${path.basename(file)} is not what was written (from ${base})`);
  }
  const kept = [...image].reduce((sum, [name, bytes]) => sum + (segmentBaseOf(name) === undefined ? 0 : bytes.length), 0);
  if (isAppendedTo) violations.push(...(await appendAndCheck(opened, target)));
  else await log.closeFiles();
  return { violations, tornBytes: Math.max(0, kept - tail) };
}

/** Events in whole batches of what is certain to be there. */
function eventsIn(durable: ReadonlyMap<string, Buffer>, { positions, ends }: Written): number {
  const reached = [...durable].map(([name, bytes]) => {
    const base = segmentBaseOf(name);
    return base === undefined || !ends.has(base + bytes.length) ? 0 : base + bytes.length;
  });
  const end = Math.max(0, ...reached);
  const behind = positions.findIndex((position) => position >= end);
  return behind === -1 ? positions.length : behind;
}

async function appendAndCheck(opened: LogOnDisk, target: string): Promise<string[]> {
  const before = opened.index.count;
  await opened.append(3);
  await opened.close();
  const { damage, events } = await checkLog(target);
  const wrong = damage.map(({ file, from, reason }) => `after an append: ${path.basename(file)} at ${from}: ${reason}`);
  return events === before + 3 ? wrong : [...wrong, `after an append of 3 to ${before}: ${events} events`];
}

function logNames(names: readonly string[]): string[] {
  return names.filter((name) => segmentBaseOf(name) !== undefined);
}
