import { BATCH_HEADER_BYTES, batchLengthAt, nextBatchMark, readBatch, type BatchView } from './batch.js';
import { readUpTo } from './files.js';
import { DamagedLogError } from './storage-errors.js';

export interface OpenSegment {
  readonly file: string;
  readonly fd: number;
  readonly base: number;
}

export interface ScanResult {
  /** Bytes of the file that hold intact batches; what is behind them is a torn tail. */
  readonly intactBytes: number;
  readonly lastCrc: number;
  /** Offset of the last batch that was read, if any was. */
  readonly lastBatchAt: number | undefined;
}

const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Reads all batches of a file from an offset on, in pieces of a few megabytes. Stops at the first thing that is not the
 * next batch. A scan never judges what is behind: `assertTornTail` does.
 */
export async function scanBatches(
  segment: OpenSegment,
  range: { from: number; to: number; previousCrc: number },
  onBatch: (batch: BatchView) => void,
): Promise<ScanResult> {
  let offset = range.from;
  let lastCrc = range.previousCrc;
  let lastBatchAt: number | undefined;
  while (offset < range.to) {
    let bytes = await readUpTo(segment.fd, offset, Math.min(CHUNK_BYTES, range.to - offset));
    const first = batchLengthAt(bytes, 0, segment.base + offset);
    if (first === undefined || offset + first > range.to) break;
    if (first > bytes.length) bytes = await readUpTo(segment.fd, offset, first);
    let at = 0;
    while (at + BATCH_HEADER_BYTES <= bytes.length) {
      const batch = readBatch(bytes, at, segment.base + offset + at);
      if (!batch) break;
      if (batch.previousCrc !== lastCrc) {
        const start = offset + at;
        throw new DamagedLogError(segment.file, start, start + batch.length, 'it does not follow the batch before it');
      }
      onBatch(batch);
      lastCrc = batch.crc;
      lastBatchAt = offset + at;
      at += batch.length;
    }
    if (at === 0) break;
    offset += at;
  }
  return { intactBytes: offset, lastCrc, lastBatchAt };
}

/** Where a log ended when it was last known to be whole, as the index of the segment has it. Offsets in the segment. */
export interface KnownEnd {
  readonly at: number;
  readonly lastBatchAt: number;
  readonly lastCrc: number;
}

/**
 * Everything before a known end was durable, so nothing there can be a torn write. The last batch is checked at every
 * start: it is the one that no later batch vouches for.
 */
export async function assertLastBatch(segment: OpenSegment, end: KnownEnd): Promise<void> {
  const length = end.at - end.lastBatchAt;
  if (length === 0) return;
  const batch = readBatch(await readUpTo(segment.fd, end.lastBatchAt, length), 0, segment.base + end.lastBatchAt);
  if (batch?.length !== length || batch.crc !== end.lastCrc) throw damagedBeforeEnd(segment, end.lastBatchAt, end);
}

/** The same for a segment that has been scanned up to the end that is known. */
export function assertReached(segment: OpenSegment, end: KnownEnd, scanned: ScanResult): void {
  if (scanned.intactBytes !== end.at) throw damagedBeforeEnd(segment, scanned.intactBytes, end);
  if (scanned.lastCrc !== end.lastCrc) throw damagedBeforeEnd(segment, end.lastBatchAt, end);
}

function damagedBeforeEnd(segment: OpenSegment, from: number, end: KnownEnd): DamagedLogError {
  return new DamagedLogError(segment.file, from, end.at, 'it held intact batches there when its index was written');
}

/**
 * What is behind the last intact batch may be dropped only if it was never acknowledged. A batch is written only after
 * the one before it is durable, so an intact batch further on proves that the broken one was.
 */
export async function assertTornTail(segment: OpenSegment, intactBytes: number, fileBytes: number): Promise<void> {
  const behind = await findIntactBatch(segment, intactBytes, fileBytes);
  if (behind !== undefined) throw new DamagedLogError(segment.file, intactBytes, behind, 'intact batches follow it');
}

/** Offset of the first intact batch in a part of a file, wherever it begins. */
export async function findIntactBatch(segment: OpenSegment, from: number, to: number): Promise<number | undefined> {
  for (let start = from; start < to; start += CHUNK_BYTES) {
    // A few bytes more: a header may begin at the very end of a chunk.
    const bytes = await readUpTo(segment.fd, start, Math.min(CHUNK_BYTES + 3, to - start));
    for (let at = nextBatchMark(bytes, 0); at !== -1 && at < CHUNK_BYTES; at = nextBatchMark(bytes, at + 1)) {
      if (await batchAt(segment, start + at, to)) return start + at;
    }
  }
  return undefined;
}

/** The intact batch at an offset of a file, if there is one and it ends before `to`. */
async function batchAt(segment: OpenSegment, offset: number, to: number): Promise<BatchView | undefined> {
  const header = await readUpTo(segment.fd, offset, BATCH_HEADER_BYTES);
  const length = batchLengthAt(header, 0, segment.base + offset);
  if (length === undefined || offset + length > to) return undefined;
  return readBatch(await readUpTo(segment.fd, offset, length), 0, segment.base + offset);
}
