import { BATCH_HEADER_BYTES, batchLengthAt, findBatchBehind, readBatch, type BatchView } from './batch.js';
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
      at += batch.length;
    }
    if (at === 0) break;
    offset += at;
  }
  return { intactBytes: offset, lastCrc };
}

/**
 * What is behind the last intact batch may be dropped only if it was never acknowledged. A batch is written only after
 * the one before it is durable, so an intact batch further on proves that the broken one was.
 */
export async function assertTornTail(segment: OpenSegment, intactBytes: number, fileBytes: number): Promise<void> {
  const tail = await readUpTo(segment.fd, intactBytes, fileBytes - intactBytes);
  const behind = findBatchBehind(tail, 0, segment.base + intactBytes);
  if (behind !== undefined) {
    throw new DamagedLogError(segment.file, intactBytes, intactBytes + behind, 'intact batches follow it');
  }
}
