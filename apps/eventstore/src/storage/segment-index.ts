import { crc32 } from 'node:zlib';

/**
 * The index of one segment: what a scan of its records would find, so that opening does not have to scan. It is a
 * copy, never the truth: missing, damaged or of another version, it is built again from the segment.
 *
 *    0     magic, 8 bytes     16 u64 log offset of the segment      32 u32 events        44 u32 types before
 *    8 u32 version            24 u64 log offset it covers up to     36 u32 new streams   48 u32 CRC of the last batch
 *   12 u32 CRC-32 of all behind it                                  40 u32 new types     52 u32 streams before
 *   56 u32 offset of the last batch in the segment
 *   60     event offsets, streams, types (u32 each), then the names in order of appearance (u16 length, UTF-8)
 */
const MAGIC = 'DAYBKIDX';
const VERSION = 2;
const HEADER_BYTES = 60;

export interface SegmentIndex {
  readonly base: number;
  /** Log offset up to which the segment is covered. */
  readonly end: number;
  readonly lastCrc: number;
  /** Offset of the last batch inside the segment; where it ends if it has none. */
  readonly lastBatchAt: number;
  /** Offsets of the records inside the segment. */
  readonly offsets: Uint32Array;
  readonly streams: Uint32Array;
  readonly types: Uint32Array;
  /** Numbers already given to names before this segment, and the names it adds. */
  readonly streamsBefore: number;
  readonly newStreams: readonly string[];
  readonly typesBefore: number;
  readonly newTypes: readonly string[];
}

export function encodeSegmentIndex(index: SegmentIndex): Buffer {
  const names = Buffer.concat([...index.newStreams, ...index.newTypes].map(encodeName));
  const columnBytes = index.offsets.length * 4;
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + 3 * columnBytes + names.length);
  bytes.write(MAGIC, 0, 'latin1');
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeBigUInt64LE(BigInt(index.base), 16);
  bytes.writeBigUInt64LE(BigInt(index.end), 24);
  bytes.writeUInt32LE(index.offsets.length, 32);
  bytes.writeUInt32LE(index.newStreams.length, 36);
  bytes.writeUInt32LE(index.newTypes.length, 40);
  bytes.writeUInt32LE(index.typesBefore, 44);
  bytes.writeUInt32LE(index.lastCrc, 48);
  bytes.writeUInt32LE(index.streamsBefore, 52);
  bytes.writeUInt32LE(index.lastBatchAt, 56);
  let at = HEADER_BYTES;
  for (const column of [index.offsets, index.streams, index.types]) {
    Buffer.from(column.buffer, column.byteOffset, column.byteLength).copy(bytes, at);
    at += columnBytes;
  }
  names.copy(bytes, at);
  bytes.writeUInt32LE(crc32(bytes.subarray(16)), 12);
  return bytes;
}

function encodeName(name: string): Buffer {
  const text = Buffer.from(name, 'utf8');
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([length, text]);
}

/** Nothing if it cannot be trusted. */
export function decodeSegmentIndex(bytes: Buffer): SegmentIndex | undefined {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) return undefined;
  if (bytes.readUInt32LE(8) !== VERSION || bytes.readUInt32LE(12) !== crc32(bytes.subarray(16))) return undefined;
  const events = bytes.readUInt32LE(32);
  const column = (number: number): Uint32Array => {
    const start = HEADER_BYTES + number * events * 4;
    const copy = new Uint32Array(events);
    bytes.copy(Buffer.from(copy.buffer), 0, start, start + events * 4);
    return copy;
  };
  let at = HEADER_BYTES + 3 * events * 4;
  const names = (count: number): string[] =>
    Array.from({ length: count }, () => {
      const length = bytes.readUInt16LE(at);
      const name = bytes.toString('utf8', at + 2, at + 2 + length);
      at += 2 + length;
      return name;
    });
  return {
    base: Number(bytes.readBigUInt64LE(16)),
    end: Number(bytes.readBigUInt64LE(24)),
    lastCrc: bytes.readUInt32LE(48),
    lastBatchAt: bytes.readUInt32LE(56),
    offsets: column(0),
    streams: column(1),
    types: column(2),
    streamsBefore: bytes.readUInt32LE(52),
    typesBefore: bytes.readUInt32LE(44),
    newStreams: names(bytes.readUInt32LE(36)),
    newTypes: names(bytes.readUInt32LE(40)),
  };
}
