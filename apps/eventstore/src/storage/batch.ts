import { crc32 } from 'node:zlib';
import { frameLength, writeEventFrame, type EventToRecord } from './event-frame.js';
import { RECORD_HEADER_BYTES, RecordView, sealRecord } from './record.js';

/**
 * STORAGE CONTRACT, format 1. A batch is what one write and one sync make durable: a header of 32 bytes and its records.
 * It counts as written only if all of it is there, so an append of many events is never half stored.
 *
 *    0 u32 magic            8 u32 number of records       16 u64 log offset of this header
 *    4 u32 CRC-32 of all   12 u32 bytes of the records    24 u32 CRC of the batch before (a chain through the log)
 *          behind it                                      28 u32 zero
 */
export const BATCH_HEADER_BYTES = 32;
const MAGIC = 0x48_43_54_42; // "BTCH"
const MARK = Buffer.from('BTCH', 'latin1');
const FIRST_CAPACITY = 64 * 1024;

/** Built again and again in the same memory; what leaves it is a copy. */
export class BatchBuilder {
  private bytes = Buffer.allocUnsafe(FIRST_CAPACITY);
  private position = 0;
  private end = BATCH_HEADER_BYTES;
  private records = 0;

  /** Forgets the batch before and begins one at a log offset. */
  begin(position: number): void {
    this.position = position;
    this.end = BATCH_HEADER_BYTES;
    this.records = 0;
  }

  get size(): number {
    return this.end;
  }

  get count(): number {
    return this.records;
  }

  /** The position the next event gets. */
  get nextPosition(): number {
    return this.position + this.end;
  }

  add(event: Omit<EventToRecord, 'position'>, revision: number): number {
    const placed: EventToRecord = { ...event, position: this.nextPosition };
    const length = RECORD_HEADER_BYTES + frameLength(placed);
    this.reserve(length);
    const names = writeEventFrame(this.bytes, this.end + RECORD_HEADER_BYTES, placed);
    sealRecord(this.bytes, this.end, length, {
      id: event.id,
      revision,
      tombstone: event.revision === 'deleted',
      created: event.created,
      streamNameLength: event.streamName.length,
      typeLength: event.type.length,
      ...names,
    });
    this.end += length;
    this.records += 1;
    return placed.position;
  }

  /** The record at a position, if it is in this batch. */
  record(position: number): RecordView | undefined {
    return RecordView.at(this.bytes.subarray(0, this.end), position - this.position);
  }

  /** The batch as it is written. */
  finish(previousCrc: number): Buffer {
    const batch = Buffer.from(this.bytes.subarray(0, this.end));
    batch.writeUInt32LE(MAGIC, 0);
    batch.writeUInt32LE(this.records, 8);
    batch.writeUInt32LE(this.end - BATCH_HEADER_BYTES, 12);
    batch.writeBigUInt64LE(BigInt(this.position), 16);
    batch.writeUInt32LE(previousCrc, 24);
    batch.writeUInt32LE(0, 28);
    batch.writeUInt32LE(crc32(batch.subarray(8)), 4);
    return batch;
  }

  private reserve(length: number): void {
    if (this.end + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.end + length));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}

export function batchCrc(batch: Buffer): number {
  return batch.readUInt32LE(4);
}

/** A whole, intact batch inside a buffer. */
export interface BatchView {
  readonly length: number;
  readonly crc: number;
  readonly previousCrc: number;
  readonly records: readonly { readonly position: number; readonly view: RecordView }[];
}

/** The batch that begins at `offset`, if it is whole, undamaged and belongs at this log position. */
export function readBatch(bytes: Buffer, offset: number, position: number): BatchView | undefined {
  const length = batchLengthAt(bytes, offset, position);
  if (length === undefined || offset + length > bytes.length) return undefined;
  const crc = bytes.readUInt32LE(offset + 4);
  if (crc !== crc32(bytes.subarray(offset + 8, offset + length))) return undefined;
  const count = bytes.readUInt32LE(offset + 8);
  const records: { position: number; view: RecordView }[] = [];
  let at = BATCH_HEADER_BYTES;
  while (at < length) {
    const view = RecordView.at(bytes.subarray(0, offset + length), offset + at);
    if (!view) return undefined;
    records.push({ position: position + at, view });
    at += view.length;
  }
  return records.length === count
    ? { length, crc, previousCrc: bytes.readUInt32LE(offset + 24), records }
    : undefined;
}

/** What a header at `offset` says its batch takes, or nothing if there is no header for this position. */
export function batchLengthAt(bytes: Buffer, offset: number, position: number): number | undefined {
  if (offset + BATCH_HEADER_BYTES > bytes.length || bytes.readUInt32LE(offset) !== MAGIC) return undefined;
  if (bytes.readBigUInt64LE(offset + 16) !== BigInt(position)) return undefined;
  return BATCH_HEADER_BYTES + bytes.readUInt32LE(offset + 12);
}

/** Where the next header may begin, at or behind `offset`; -1 if nowhere. */
export function nextBatchMark(bytes: Buffer, offset: number): number {
  return bytes.indexOf(MARK, offset);
}
