import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { EventIndex } from '../index/event-index.js';
import { closeFile, openFile, readUpTo, syncFile, truncateFile } from './files.js';
import type { RecordView } from './record.js';
import {
  FORMAT_VERSION,
  indexFileName,
  readSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentBaseOf,
  segmentFileName,
  type SegmentHeader,
} from './segment.js';
import { decodeSegmentIndex, type SegmentIndex } from './segment-index.js';
import { assertLastBatch, assertReached, assertTornTail, scanBatches, type KnownEnd, type ScanResult } from './segment-scan.js';
import { createSegment, SegmentedLog, type LogOptions, type Segment } from './segmented-log.js';
import { DamagedLogError, NewerFormatError } from './storage-errors.js';

export interface OpenLogOptions extends LogOptions {
  /** Reads and checks every byte instead of trusting the index files. */
  readonly verify: boolean;
  /** Told of each record that had to be read because no index covers it. */
  readonly onScannedRecord: (record: RecordView, ordinal: number) => void;
}

export interface OpenedLog {
  readonly log: SegmentedLog;
  /** Bytes of a write that was cut off by a crash, never acknowledged, and removed now. */
  readonly tornBytes: number;
  /** Index files that failed their checksum: what they cover was read from the segments instead. */
  readonly distrusted: readonly string[];
}

/** Opens a directory, or begins a log in an empty one. Fills the index with everything that is durable. */
export async function openLog(options: OpenLogOptions, index: EventIndex): Promise<OpenedLog> {
  const bases = await segmentBases(options.directory);
  const segments: Segment[] = [];
  const unindexed: { segment: Segment; lastCrc: number }[] = [];
  let lastCrc = 0;
  let tornBytes = 0;
  const distrusted: string[] = [];
  for (const [at, base] of bases.entries()) {
    const isLast = at === bases.length - 1;
    assertContinuous(options.directory, segments[segments.length - 1], base);
    const loaded = await loadSegment(options, index, { base, isLast, previousCrc: lastCrc });
    if (!loaded) continue;
    segments.push(loaded.segment);
    lastCrc = loaded.lastCrc;
    tornBytes += loaded.tornBytes;
    if (loaded.distrusted !== undefined) distrusted.push(loaded.distrusted);
    if (!isLast && !loaded.indexed) unindexed.push({ segment: loaded.segment, lastCrc });
  }
  if (segments.length < bases.length || bases.length === 0) {
    const last = segments[segments.length - 1];
    segments.push(await createSegment(options.directory, last ? last.base + last.size : 0, lastCrc, index));
  }
  index.commit();
  const log = new SegmentedLog(options, index, segments, lastCrc);
  for (const sealed of unindexed) await log.writeIndex(sealed.segment, sealed.lastCrc);
  return { log, tornBytes, distrusted };
}

async function segmentBases(directory: string): Promise<number[]> {
  const names = await fs.readdir(directory);
  const bases = names.flatMap((name) => segmentBaseOf(name) ?? []).sort((a, b) => a - b);
  for (const name of names.filter((file) => file.endsWith('.idx'))) {
    const log = name.replace(/\.idx$/, '.log');
    if (!names.includes(log)) {
      throw new DamagedLogError(path.join(directory, log), 0, 0, 'the file is missing, its index is still there');
    }
  }
  return bases;
}

function assertContinuous(directory: string, before: Segment | undefined, base: number): void {
  const expected = before ? before.base + before.size : 0;
  if (base === expected) return;
  const file = path.join(directory, segmentFileName(expected));
  if (base > expected && !before) throw new DamagedLogError(file, 0, base, 'the file is missing');
  const shortened = before ? before.file : file;
  const end = before ? before.size : 0;
  throw new DamagedLogError(shortened, end, end + (base - expected), 'its end and the next file do not meet');
}

interface LoadedSegment {
  readonly segment: Segment;
  readonly lastCrc: number;
  readonly tornBytes: number;
  readonly indexed: boolean;
  /** The index file, if it is there and cannot be used. */
  readonly distrusted: string | undefined;
}

/**
 * Nothing if the file is the trace of a crash while the segment was being created: its header is durable before
 * anything is written behind it, so a file that ends inside its header never held an event.
 */
async function loadSegment(
  options: OpenLogOptions,
  index: EventIndex,
  at: { base: number; isLast: boolean; previousCrc: number },
): Promise<LoadedSegment | undefined> {
  const file = path.join(options.directory, segmentFileName(at.base));
  const fd = await openFile(file, 'r+');
  const { size } = await fs.stat(file);
  const open = { file, fd, base: at.base };
  const header = readSegmentHeader(await readUpTo(fd, 0, SEGMENT_HEADER_BYTES));
  if (!header && at.isLast && size <= SEGMENT_HEADER_BYTES && !hasIndex(options.directory, at.base)) {
    await closeFile(fd);
    return undefined;
  }
  assertHeader(file, header, at);

  const segment: Segment = {
    ...open,
    size,
    lastBatchAt: SEGMENT_HEADER_BYTES,
    firstOrdinal: index.count,
    streamsBefore: index.streams.size,
    typesBefore: index.types.size,
  };
  const stored = await readIndex(options.directory, segment, index);
  if (stored && stored.end > at.base + size) {
    throw new DamagedLogError(file, size, stored.end - at.base, 'it is shorter than it was at its last clean stop');
  }
  const scan = (range: { from: number; to: number; previousCrc: number }): Promise<ScanResult> =>
    scanBatches(open, range, (batch) => {
      for (const { position, view } of batch.records) {
        options.onScannedRecord(view, index.add(view.streamName, view.type, position));
      }
    });
  let from = SEGMENT_HEADER_BYTES;
  let previousCrc = at.previousCrc;
  if (stored) {
    const end: KnownEnd = { at: stored.end - at.base, lastBatchAt: stored.lastBatchAt, lastCrc: stored.lastCrc };
    if (options.verify) {
      assertReached(open, end, await scan({ from, to: end.at, previousCrc }));
    } else {
      await assertLastBatch(open, end);
      addIndexed(stored, index);
    }
    from = end.at;
    previousCrc = end.lastCrc;
  }
  const scanned = await scan({ from, to: size, previousCrc });
  segment.size = scanned.intactBytes;
  segment.lastBatchAt = scanned.lastBatchAt ?? stored?.lastBatchAt ?? SEGMENT_HEADER_BYTES;
  const tornBytes = size - scanned.intactBytes;
  if (tornBytes > 0) await dropTornTail(open, scanned.intactBytes, size, at.isLast);
  const distrusted = !stored && hasIndex(options.directory, at.base) ? indexPath(options.directory, at.base) : undefined;
  return { segment, lastCrc: scanned.lastCrc, tornBytes, indexed: stored?.end === at.base + size, distrusted };
}

function assertHeader(
  file: string,
  header: SegmentHeader | undefined,
  at: { base: number; previousCrc: number },
): asserts header is SegmentHeader {
  if (!header) throw new DamagedLogError(file, 0, SEGMENT_HEADER_BYTES, 'its header fails its checksum');
  if (header.version > FORMAT_VERSION) throw new NewerFormatError(file, header.version, FORMAT_VERSION);
  if (header.base !== at.base || header.previousCrc !== at.previousCrc) {
    throw new DamagedLogError(file, 0, SEGMENT_HEADER_BYTES, 'it does not follow the file before it');
  }
}

function hasIndex(directory: string, base: number): boolean {
  return existsSync(indexPath(directory, base));
}

function indexPath(directory: string, base: number): string {
  return path.join(directory, indexFileName(base));
}

async function dropTornTail(
  open: { file: string; fd: number; base: number },
  intactBytes: number,
  size: number,
  isLast: boolean,
): Promise<void> {
  if (!isLast) throw new DamagedLogError(open.file, intactBytes, size, 'later files follow it');
  await assertTornTail(open, intactBytes, size);
  await truncateFile(open.fd, intactBytes);
  await syncFile(open.fd);
}

async function readIndex(directory: string, segment: Segment, index: EventIndex): Promise<SegmentIndex | undefined> {
  const file = indexPath(directory, segment.base);
  const bytes = await fs.readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const stored = decodeSegmentIndex(bytes);
  if (!stored || stored.base !== segment.base) return undefined;
  const follows = stored.streamsBefore === index.streams.size && stored.typesBefore === index.types.size;
  return follows ? stored : undefined;
}

function addIndexed(stored: SegmentIndex, index: EventIndex): void {
  for (const name of stored.newStreams) index.streams.numberOf(name);
  for (const name of stored.newTypes) index.types.numberOf(name);
  for (let at = 0; at < stored.offsets.length; at += 1) {
    const position = stored.base + (stored.offsets[at] as number);
    index.addNumbered(stored.streams[at] as number, stored.types[at] as number, position);
  }
}
