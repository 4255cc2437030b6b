import fs from 'node:fs/promises';
import path from 'node:path';
import type { EventIndex } from '../index/event-index.js';
import { batchCrc } from './batch.js';
import { closeFile, openFile, readUpTo, readUpToNow, replaceFile, syncDirectory, syncFile, syncFileData, writeFully, writeFullyNow } from './files.js';
import { RecentBatches } from './recent-batches.js';
import { RECORD_HEADER_BYTES, RecordView } from './record.js';
import { indexFileName, SEGMENT_HEADER_BYTES, segmentFileName, segmentHeader } from './segment.js';
import { encodeSegmentIndex } from './segment-index.js';
import { DamagedLogError } from './storage-errors.js';

export interface Segment {
  readonly file: string;
  readonly fd: number;
  /** Log offset of the file's first byte. */
  readonly base: number;
  size: number;
  /** Offset of its last batch; where it ends while it has none. */
  lastBatchAt: number;
  readonly firstOrdinal: number;
  readonly streamsBefore: number;
  readonly typesBefore: number;
}

export type WrittenSegment = Pick<Segment, 'file' | 'fd' | 'base' | 'size'>;

export interface LogOptions {
  readonly directory: string;
  /** A segment is sealed by the batch that reaches this size. */
  readonly segmentBytes: number;
}

const RECENT_BYTES = 16 * 1024 * 1024;

/**
 * The append-only log: one writer, any number of readers. `append` answers when the batch is durable; any error of it
 * leaves the file in an unknown state and must end the process, because the next open is what decides what was written.
 */
export class SegmentedLog {
  private readonly recent = new RecentBatches(RECENT_BYTES);
  private indexWriting: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: LogOptions,
    private readonly index: EventIndex,
    private readonly segments: Segment[],
    private lastCrc: number,
  ) {}

  /** Log offset the next batch is written at. */
  get tail(): number {
    const last = this.last;
    return last.base + last.size;
  }

  get previousCrc(): number {
    return this.lastCrc;
  }

  private get last(): Segment {
    return this.segments[this.segments.length - 1] as Segment;
  }

  async append(batch: Buffer): Promise<void> {
    const segment = this.last;
    const position = this.tail;
    writeFullyNow(segment.fd, batch, segment.size);
    await syncFileData(segment.fd);
    segment.lastBatchAt = segment.size;
    segment.size += batch.length;
    this.lastCrc = batchCrc(batch);
    this.recent.add(position, batch);
  }

  /** Seals the current segment when it is full. Called between batches, with every event committed. */
  async rollIfFull(): Promise<void> {
    const full = this.last;
    if (full.size < this.options.segmentBytes || full.size === SEGMENT_HEADER_BYTES) return;
    this.segments.push(await createSegment(this.options.directory, this.tail, this.lastCrc, this.index));
    const crc = this.lastCrc;
    // Only a copy of what the segment says: neither its time nor its failure concerns the writer.
    this.indexWriting = this.indexWriting.then(() => this.writeIndex(full, crc)).catch(() => undefined);
  }

  recordInMemory(position: number): RecordView | undefined {
    return this.recent.record(position);
  }

  /** Up to `length` bytes from a log offset, never across the end of its segment. */
  async read(position: number, length: number): Promise<Buffer> {
    const segment = this.segmentAt(position);
    const within = position - segment.base;
    return readUpTo(segment.fd, within, Math.min(length, segment.size - within));
  }

  /** One record, now: blocks the process for a read that is rare and small. */
  readRecordNow(position: number): RecordView {
    const inMemory = this.recordInMemory(position);
    if (inMemory) return inMemory;
    const segment = this.segmentAt(position);
    const within = position - segment.base;
    const header = readUpToNow(segment.fd, within, RECORD_HEADER_BYTES);
    const length = header.length === RECORD_HEADER_BYTES ? header.readUInt32LE(0) : 0;
    const record = RecordView.at(readUpToNow(segment.fd, within, Math.min(length, segment.size - within)), 0);
    if (!record?.isIntactAt(position)) throw this.damagedRecord(position);
    return record;
  }

  damagedRecord(position: number): DamagedLogError {
    const segment = this.segmentAt(position);
    const next = this.index.firstAtOrAfter(position + 1);
    const end = next < this.index.count ? this.index.position(next) - segment.base : segment.size;
    const [from, to] = [position - segment.base, Math.min(end, segment.size)];
    return new DamagedLogError(segment.file, from, to, 'the event there fails its checksum');
  }

  /** The files as far as they are written now: nothing in these bytes ever changes. */
  writtenSegments(): readonly WrittenSegment[] {
    return this.segments.map(({ file, fd, base, size }) => ({ file, fd, base, size }));
  }

  startOfSegment(position: number): number {
    return this.segmentAt(position).base;
  }

  /** A clean stop: the next open finds everything indexed. */
  async close(): Promise<void> {
    await this.indexWriting;
    await this.writeIndex(this.last, this.lastCrc);
    await this.closeFiles();
  }

  /** Leaves the directory as a crash would. */
  async closeFiles(): Promise<void> {
    for (const segment of this.segments) await closeFile(segment.fd);
  }

  async writeIndex(segment: Segment, lastCrc: number): Promise<void> {
    const next = this.segments[this.segments.indexOf(segment) + 1];
    const endOrdinal = next?.firstOrdinal ?? this.index.committedCount;
    const count = endOrdinal - segment.firstOrdinal;
    const column = (value: (ordinal: number) => number): Uint32Array =>
      Uint32Array.from({ length: count }, (_, at) => value(segment.firstOrdinal + at));
    const encoded = encodeSegmentIndex({
      base: segment.base,
      end: segment.base + segment.size,
      lastCrc,
      lastBatchAt: segment.lastBatchAt,
      offsets: column((ordinal) => this.index.position(ordinal) - segment.base),
      streams: column((ordinal) => this.index.streamNumber(ordinal)),
      types: column((ordinal) => this.index.typeNumber(ordinal)),
      streamsBefore: segment.streamsBefore,
      newStreams: this.index.streams.between(segment.streamsBefore, next?.streamsBefore),
      typesBefore: segment.typesBefore,
      newTypes: this.index.types.between(segment.typesBefore, next?.typesBefore),
    });
    await replaceFile(path.join(this.options.directory, indexFileName(segment.base)), [encoded]);
  }

  private segmentAt(position: number): Segment {
    for (let at = this.segments.length - 1; at >= 0; at -= 1) {
      const segment = this.segments[at] as Segment;
      if (segment.base <= position) return segment;
    }
    throw new RangeError(`no segment holds position ${position}`);
  }
}

/** The header is durable, and so is the file's name, before the first batch is written into it. */
export async function createSegment(
  directory: string,
  base: number,
  previousCrc: number,
  index: EventIndex,
): Promise<Segment> {
  const file = path.join(directory, segmentFileName(base));
  await fs.rm(file, { force: true });
  const fd = await openFile(file, 'wx+');
  await writeFully(fd, segmentHeader(base, previousCrc), 0);
  await syncFile(fd);
  await syncDirectory(directory);
  return {
    file,
    fd,
    base,
    size: SEGMENT_HEADER_BYTES,
    lastBatchAt: SEGMENT_HEADER_BYTES,
    firstOrdinal: index.count,
    streamsBefore: index.streams.size,
    typesBefore: index.types.size,
  };
}
