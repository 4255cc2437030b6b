import { batchLengthAt, readBatch, type BatchView } from './batch.js';
import { salvageRecords } from './damaged-records.js';
import { readUpTo } from './files.js';
import type { RecordView } from './record.js';
import { findIntactBatch, type OpenSegment } from './segment-scan.js';

/** Who is told what an inspection finds, in the order of the file. Offsets are those in the file. */
export interface Inspector {
  /** `isWhole` is false for a record that is intact in a batch that is not. */
  record(view: RecordView, offset: number, isWhole: boolean): void;
  batchEnd(end: { readonly at: number; readonly lastBatchAt: number; readonly crc: number }): void;
  damage(from: number, to: number, reason: string): void;
  /** After each piece that was read: the place to wait, and to show how far it is. */
  piece(bytes: number): Promise<void>;
}

export interface InspectedRange {
  readonly from: number;
  readonly to: number;
  /** CRC of the batch before, where it is known. */
  readonly previousCrc: number | undefined;
}

export interface InspectionResult {
  /** Where the last intact batch ends: what is behind it has not been reported, it may be a write that was cut off. */
  readonly intactBytes: number;
  readonly lastCrc: number | undefined;
}

const CHUNK_BYTES = 1024 * 1024;
/** Where nothing is intact for longer than this, the damage is not looked into. */
const MOST_SALVAGED_BYTES = 16 * 1024 * 1024;

/**
 * Reads a segment from an offset on and checks every byte of it: batches, their chain, records. Goes on behind what is
 * damaged, so that one broken page does not hide another.
 */
export async function inspectSegment(
  segment: OpenSegment,
  { from, to, previousCrc }: InspectedRange,
  inspector: Inspector,
): Promise<InspectionResult> {
  let offset = from;
  let lastCrc = previousCrc;
  const batchIn = (bytes: Buffer, at: number): BatchView | undefined => readBatch(bytes, at, segment.base + offset + at);
  while (offset < to) {
    const bytes = await readPiece(segment, offset, to);
    let at = 0;
    for (let batch = batchIn(bytes, at); batch; batch = batchIn(bytes, at)) {
      inspectBatch(batch, offset + at, lastCrc, segment.base, inspector);
      lastCrc = batch.crc;
      at += batch.length;
    }
    if (at === 0) {
      const next = await findIntactBatch(segment, offset + 1, to);
      if (next === undefined) break;
      await inspectDamage(segment, offset, next, inspector);
      lastCrc = undefined;
      at = next - offset;
    }
    offset += at;
    await inspector.piece(at);
  }
  return { intactBytes: offset, lastCrc };
}

async function readPiece(segment: OpenSegment, offset: number, to: number): Promise<Buffer> {
  const bytes = await readUpTo(segment.fd, offset, Math.min(CHUNK_BYTES, to - offset));
  const first = batchLengthAt(bytes, 0, segment.base + offset);
  const isCut = first !== undefined && first > bytes.length && offset + first <= to;
  return isCut ? readUpTo(segment.fd, offset, first) : bytes;
}

function inspectBatch(
  batch: BatchView,
  offset: number,
  lastCrc: number | undefined,
  base: number,
  inspector: Inspector,
): void {
  const end = offset + batch.length;
  if (lastCrc !== undefined && batch.previousCrc !== lastCrc) {
    inspector.damage(offset, end, 'the batch there does not follow the one before it');
  }
  for (const { position, view } of batch.records) {
    const at = position - base;
    if (!view.isIntactAt(position)) inspector.damage(at, at + view.length, 'the event there fails its checksum');
    else inspector.record(view, at, true);
  }
  inspector.batchEnd({ at: end, lastBatchAt: offset, crc: batch.crc });
}

/** Tells which bytes of a part without an intact batch are broken, and which records in it are not. */
export async function inspectDamage(segment: OpenSegment, from: number, to: number, inspector: Inspector): Promise<void> {
  const reason = 'what was written there fails its checksum';
  if (to - from > MOST_SALVAGED_BYTES) return inspector.damage(from, to, reason);
  const bytes = await readUpTo(segment.fd, from, to - from);
  if (bytes.length < to - from) inspector.damage(from + bytes.length, to, 'the file ends before it');
  if (bytes.length === 0) return;
  const { broken, records } = salvageRecords(bytes, segment.base + from);
  for (const { at, view } of records) inspector.record(view, from + at, false);
  for (const range of broken) inspector.damage(from + range.from, from + range.to, reason);
}
