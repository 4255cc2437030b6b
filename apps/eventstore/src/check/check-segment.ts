import fs from 'node:fs/promises';
import { readUpTo } from '../storage/files.js';
import { FORMAT_VERSION, readSegmentHeader, SEGMENT_HEADER_BYTES } from '../storage/segment.js';
import { decodeSegmentIndex, type SegmentIndex } from '../storage/segment-index.js';
import { inspectDamage, inspectSegment, type Inspector } from '../storage/segment-inspection.js';
import { NewerFormatError, type Damage } from '../storage/storage-errors.js';
import { disagreementWithIndex, type ScannedSegment } from './index-agreement.js';
import type { NumberedRecord, RecordChecker } from './record-checker.js';

export interface SegmentToCheck {
  readonly file: string;
  readonly fd: number;
  readonly base: number;
  readonly size: number;
  readonly isLast: boolean;
  /** CRC of the batch before this file, where it is known. */
  readonly previousCrc: number | undefined;
}

export interface SegmentCheckParts {
  readonly segment: SegmentToCheck;
  readonly indexFile: string;
  readonly records: RecordChecker;
  readonly damage: Damage[];
  readonly notes: string[];
}

/** What a segment hands on to the next. */
export interface CheckedSegment {
  readonly lastCrc: number | undefined;
  readonly tornBytes: number;
}

export async function checkSegment(
  { segment, indexFile, records, damage, notes }: SegmentCheckParts,
  onRead: (bytes: number) => void,
): Promise<CheckedSegment> {
  const { file, base, size } = segment;
  const report = (from: number, to: number, reason: string): void => {
    records.expectGaps();
    damage.push({ file, from, to, reason });
  };
  const index = await readIndex(indexFile, base, { damage, notes });
  const beginsWith = { streams: records.streamNames.size, types: records.typeNames.size };
  const header = readSegmentHeader(await readUpTo(segment.fd, 0, SEGMENT_HEADER_BYTES));
  if (header && header.version > FORMAT_VERSION) throw new NewerFormatError(file, header.version, FORMAT_VERSION);
  if (!header && segment.isLast && size <= SEGMENT_HEADER_BYTES && index === undefined) {
    notes.push(`${file} was being created when the node ended; the next start creates it again`);
    return { lastCrc: segment.previousCrc, tornBytes: 0 };
  }
  if (!header) report(0, SEGMENT_HEADER_BYTES, 'the header of the file fails its checksum');
  else if (header.base !== base || !follows(header.previousCrc, segment.previousCrc)) {
    report(0, SEGMENT_HEADER_BYTES, 'the file does not follow the one before it');
  }

  const scanned: NumberedRecord[] = [];
  const ends: ScannedSegment['ends'] = new Map();
  let readBytes = SEGMENT_HEADER_BYTES;
  const inspector: Inspector = {
    record: (view, offset) => void scanned.push(records.check(file, base, offset, view)),
    batchEnd: ({ at, lastBatchAt, crc }) => void ends.set(at, { lastBatchAt, crc }),
    damage: report,
    piece: (bytes) => {
      readBytes += bytes;
      onRead(readBytes);
      return Promise.resolve();
    },
  };
  const range = { from: SEGMENT_HEADER_BYTES, to: size, previousCrc: header?.previousCrc ?? segment.previousCrc };
  const { intactBytes, lastCrc } = await inspectSegment(segment, range, inspector);

  const knownEnd = index ? index.end - base : 0;
  if (knownEnd > size) report(size, knownEnd, 'the file is shorter than it was when its index was written');
  const isTorn = segment.isLast && intactBytes >= knownEnd;
  if (intactBytes < size && !isTorn) await inspectDamage(segment, intactBytes, size, inspector);
  if (index && !records.hasGaps) {
    const wrong = disagreementWithIndex(index, { ...segment, ends, records: scanned, beginsWith }, records);
    if (wrong !== undefined) damage.push({ file: indexFile, from: 0, to: (await fs.stat(indexFile)).size, reason: wrong });
  }
  return { lastCrc: intactBytes === size ? lastCrc : undefined, tornBytes: isTorn ? size - intactBytes : 0 };
}

function follows(own: number, before: number | undefined): boolean {
  return before === undefined || own === before;
}

async function readIndex(
  file: string,
  base: number,
  { damage, notes }: Pick<SegmentCheckParts, 'damage' | 'notes'>,
): Promise<SegmentIndex | undefined> {
  const bytes = await fs.readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!bytes) {
    notes.push(`${file} is not there; the next start makes it again`);
    return undefined;
  }
  const index = decodeSegmentIndex(bytes);
  if (index?.base === base) return index;
  const reason = index ? 'the index belongs to another file' : 'the index fails its checksum; without it, it is made again';
  damage.push({ file, from: 0, to: bytes.length, reason });
  return undefined;
}
