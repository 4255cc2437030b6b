import { crc32 } from 'node:zlib';

/**
 * STORAGE CONTRACT, format 1. A segment is a file of batches behind a header of 64 bytes. Its name is the log offset it
 * begins at; the next segment begins where it ends. Only the last segment grows; all others are sealed.
 *
 *    0     magic, 8 bytes       8 u32 format version     16 u64 log offset of the file's first byte
 *   24 u32 CRC of the last batch of the segment before   60 u32 CRC-32 of the 60 bytes before
 */
export const SEGMENT_HEADER_BYTES = 64;
export const FORMAT_VERSION = 1;
const MAGIC = 'DAYBKLOG';

export interface SegmentHeader {
  readonly version: number;
  readonly base: number;
  readonly previousCrc: number;
}

export function segmentHeader(base: number, previousCrc: number): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(FORMAT_VERSION, 8);
  header.writeBigUInt64LE(BigInt(base), 16);
  header.writeUInt32LE(previousCrc, 24);
  header.writeUInt32LE(crc32(header.subarray(0, 60)), 60);
  return header;
}

/** The header of a file, or nothing if it is none. The version is readable in every version. */
export function readSegmentHeader(bytes: Buffer): SegmentHeader | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES || bytes.toString('latin1', 0, 8) !== MAGIC) return undefined;
  if (bytes.readUInt32LE(60) !== crc32(bytes.subarray(0, 60))) return undefined;
  return {
    version: bytes.readUInt32LE(8),
    base: Number(bytes.readBigUInt64LE(16)),
    previousCrc: bytes.readUInt32LE(24),
  };
}

const SEGMENT_NAME = /^(\d{20})\.log$/;

export function segmentFileName(base: number): string {
  return `${String(base).padStart(20, '0')}.log`;
}

export function indexFileName(base: number): string {
  return `${String(base).padStart(20, '0')}.idx`;
}

/** The offset a file name stands for, if it is the name of a segment. */
export function segmentBaseOf(fileName: string): number | undefined {
  const match = SEGMENT_NAME.exec(fileName);
  return match ? Number(match[1]) : undefined;
}
