import { crc32 } from 'node:zlib';
import { frameIsAt } from './event-frame.js';

/**
 * STORAGE CONTRACT, format 1. A record is one event: a header of 48 bytes and the frame that is sent to readers.
 * All numbers are little-endian; the position of an event is the log offset of its record.
 *
 *    0 u32 length of the record, header included     32 u48 created, milliseconds since the Unix epoch
 *    4 u32 CRC-32 of everything behind this field    38 u16 zero
 *    8     event id, 16 bytes                        40 u16 offset of the stream name    42 u16 its length
 *   24 u48 revision                                  44 u16 offset of the event type     46 u16 its length
 *   30 u16 flags: 1 = tombstone                      48     the frame
 */
export const RECORD_HEADER_BYTES = 48;
const TOMBSTONE_FLAG = 1;

export interface RecordHeader {
  readonly id: string;
  readonly revision: number;
  readonly tombstone: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly created: number;
  /** Offsets inside the frame. */
  readonly streamNameAt: number;
  readonly streamNameLength: number;
  readonly typeAt: number;
  readonly typeLength: number;
}

/** Completes a record whose frame is already in place behind the header. */
export function sealRecord(target: Buffer, offset: number, length: number, header: RecordHeader): void {
  target.writeUInt32LE(length, offset);
  target.write(header.id.replaceAll('-', ''), offset + 8, 16, 'hex');
  target.writeUIntLE(header.revision, offset + 24, 6);
  target.writeUInt16LE(header.tombstone ? TOMBSTONE_FLAG : 0, offset + 30);
  target.writeUIntLE(header.created, offset + 32, 6);
  target.writeUInt16LE(0, offset + 38);
  target.writeUInt16LE(header.streamNameAt + RECORD_HEADER_BYTES, offset + 40);
  target.writeUInt16LE(header.streamNameLength, offset + 42);
  target.writeUInt16LE(header.typeAt + RECORD_HEADER_BYTES, offset + 44);
  target.writeUInt16LE(header.typeLength, offset + 46);
  target.writeUInt32LE(crc32(target.subarray(offset + 8, offset + length)), offset + 4);
}

/** A record inside a buffer. Reading fields does not check the checksum; `isIntact` does. */
export class RecordView {
  constructor(
    private readonly bytes: Buffer,
    private readonly offset: number,
    readonly length: number,
  ) {}

  /** The record at `offset`, if all of it is inside the buffer. */
  static at(bytes: Buffer, offset: number): RecordView | undefined {
    if (offset < 0 || offset + RECORD_HEADER_BYTES > bytes.length) return undefined;
    const length = bytes.readUInt32LE(offset);
    if (length < RECORD_HEADER_BYTES || offset + length > bytes.length) return undefined;
    return new RecordView(bytes, offset, length);
  }

  get isIntact(): boolean {
    const stored = this.bytes.readUInt32LE(this.offset + 4);
    return stored === crc32(this.bytes.subarray(this.offset + 8, this.offset + this.length));
  }

  /** Intact, and the record of this very position: what a disk has written to the wrong place is intact too. */
  isIntactAt(position: number): boolean {
    return this.isIntact && frameIsAt(this.frame, position);
  }

  get frame(): Buffer {
    return this.bytes.subarray(this.offset + RECORD_HEADER_BYTES, this.offset + this.length);
  }

  get id(): string {
    const hex = this.bytes.toString('hex', this.offset + 8, this.offset + 24);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  get revision(): number {
    return this.bytes.readUIntLE(this.offset + 24, 6);
  }

  get isTombstone(): boolean {
    return (this.bytes.readUInt16LE(this.offset + 30) & TOMBSTONE_FLAG) !== 0;
  }

  get created(): number {
    return this.bytes.readUIntLE(this.offset + 32, 6);
  }

  get streamName(): string {
    return this.text(40);
  }

  get type(): string {
    return this.text(44);
  }

  private text(field: number): string {
    const start = this.offset + this.bytes.readUInt16LE(this.offset + field);
    return this.bytes.toString('utf8', start, start + this.bytes.readUInt16LE(this.offset + field + 2));
  }
}
