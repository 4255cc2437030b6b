import fs from 'node:fs/promises';
import path from 'node:path';
import { closeFile, openFile } from '../storage/files.js';
import type { RecordView } from '../storage/record.js';
import { indexFileName, segmentBaseOf, segmentFileName } from '../storage/segment.js';
import { NewerFormatError, type Damage } from '../storage/storage-errors.js';
import { checkSegment } from './check-segment.js';
import { RecordChecker } from './record-checker.js';

/** Neither whole nor damaged: nobody can tell. */
export class UnreadableLogError extends Error {
  override readonly name = 'UnreadableLogError';
}

export interface CheckOptions {
  /** Every intact event, in the order of the log. */
  readonly onRecord?: (record: RecordView, position: number) => void;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface LogCheck {
  readonly directory: string;
  readonly segments: number;
  readonly bytes: number;
  readonly events: number;
  readonly streams: number;
  /** A write that was cut off at the very end and never acknowledged: the next start drops it. */
  readonly tornBytes: number;
  readonly damage: readonly Damage[];
  /** What is not damage, but a person may wonder about. */
  readonly notes: readonly string[];
}

/**
 * Reads all files of a log and checks every byte, without a node and without changing anything. Nobody may write to the
 * directory meanwhile: whoever calls holds its lock.
 */
export async function checkLog(directory: string, options: CheckOptions = {}): Promise<LogCheck> {
  try {
    return await check(directory, options);
  } catch (error) {
    if (error instanceof NewerFormatError || error instanceof UnreadableLogError) throw error;
    throw new UnreadableLogError(`${directory} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function check(directory: string, { onRecord, onProgress }: CheckOptions): Promise<LogCheck> {
  const files = await filesOf(directory);
  const damage: Damage[] = [...files.withoutLog];
  const notes: string[] = [];
  const records = new RecordChecker(damage, onRecord);
  let doneBytes = 0;
  let tornBytes = 0;
  let end = 0;
  let previousCrc: number | undefined = 0;
  for (const [at, { file, base, size }] of files.segments.entries()) {
    if (base !== end) {
      damage.push(gapBefore(directory, files.segments[at - 1], base, end));
      previousCrc = undefined;
      records.expectGaps();
    }
    const fd = await openFile(file, 'r');
    try {
      const segment = { file, fd, base, size, isLast: at === files.segments.length - 1, previousCrc };
      const indexFile = path.join(directory, indexFileName(base));
      const found = await checkSegment({ segment, indexFile, records, damage, notes }, (bytes) => {
        onProgress?.(doneBytes + bytes, files.totalBytes);
      });
      previousCrc = found.lastCrc;
      tornBytes = found.tornBytes;
    } finally {
      await closeFile(fd);
    }
    doneBytes += size;
    end = base + size;
    onProgress?.(doneBytes, files.totalBytes);
  }
  const { events, streams } = records;
  return { directory, segments: files.segments.length, bytes: doneBytes, events, streams, tornBytes, damage, notes };
}

interface SegmentFile {
  readonly file: string;
  readonly base: number;
  readonly size: number;
}

async function filesOf(directory: string) {
  const names = await fs.readdir(directory);
  const bases = names.flatMap((name) => segmentBaseOf(name) ?? []).sort((a, b) => a - b);
  const orphans = names.filter((name) => name.endsWith('.idx') && !names.includes(name.replace(/\.idx$/, '.log')));
  if (bases.length + orphans.length === 0) throw new UnreadableLogError(`${directory} holds no log`);
  const segments: SegmentFile[] = [];
  for (const base of bases) {
    const file = path.join(directory, segmentFileName(base));
    segments.push({ file, base, size: (await fs.stat(file)).size });
  }
  const withoutLog = orphans.map((name) => missing(path.join(directory, name.replace(/\.idx$/, '.log'))));
  return { segments, withoutLog, totalBytes: segments.reduce((sum, { size }) => sum + size, 0) };
}

function missing(file: string): Damage {
  return { file, from: 0, to: 0, reason: 'the file is missing, its index is still there' };
}

/** Segments follow each other without a gap: a file is missing, or one does not have the length it had. */
function gapBefore(directory: string, before: SegmentFile | undefined, base: number, end: number): Damage {
  if (!before) return { file: path.join(directory, segmentFileName(0)), from: 0, to: base, reason: 'the file is missing' };
  const to = Math.max(before.size, base - before.base);
  const from = Math.min(before.size, base - before.base);
  const tooShort = `the file ends before the next one begins, or ${segmentFileName(end)} between them is missing`;
  const reason = base > end ? tooShort : 'the file goes on where the next one begins';
  return { file: before.file, from, to, reason };
}
