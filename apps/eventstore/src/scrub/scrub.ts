import type { Clock, Timers } from '@daybook/kernel';
import { readUpTo } from '../storage/files.js';
import { readSegmentHeader, SEGMENT_HEADER_BYTES } from '../storage/segment.js';
import { inspectDamage, inspectSegment, type Inspector } from '../storage/segment-inspection.js';
import type { SegmentedLog, WrittenSegment } from '../storage/segmented-log.js';
import type { Damage } from '../storage/storage-errors.js';

export interface ScrubOptions {
  readonly log: SegmentedLog;
  readonly bytesPerSecond: number;
  /** Between the end of one pass and the beginning of the next. */
  readonly pauseMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Told once of each damaged part. */
  readonly onDamage: (damage: Damage) => void;
  readonly onPass: (pass: ScrubPass) => void;
  /** The disk cannot be read: told, and tried again with the next pass. */
  readonly onTrouble: (error: unknown) => void;
}

export interface ScrubPass {
  readonly bytes: number;
  readonly seconds: number;
  /** Damaged parts known by now, those of earlier passes included. */
  readonly damaged: number;
}

export interface Scrub {
  stop(): Promise<void>;
}

/**
 * Reads the whole log again and again, slowly, and tells what is damaged before somebody needs it. It repairs nothing
 * and takes nothing away: an event that is damaged is refused where it is read, by its own checksum.
 */
export function startScrub(options: ScrubOptions): Scrub {
  const { log, clock, timers, onPass, onTrouble } = options;
  const stopping = new AbortController();
  const known = new Map<string, Damage>();
  const report = (damage: Damage): void => {
    const key = `${damage.file} ${damage.from} ${damage.to}`;
    if (!known.has(key)) options.onDamage(damage);
    known.set(key, damage);
  };
  const pass = async (): Promise<void> => {
    const startedAt = clock.monotonic();
    let bytes = 0;
    const pace = async (piece: number): Promise<void> => {
      bytes += piece;
      await timers.sleep((piece / options.bytesPerSecond) * 1_000, stopping.signal);
    };
    let previousCrc: number | undefined = 0;
    for (const segment of log.writtenSegments()) previousCrc = await scrubSegment(segment, previousCrc, report, pace);
    onPass({ bytes, seconds: Math.round((clock.monotonic() - startedAt) / 1_000), damaged: known.size });
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await pass().catch((error: unknown) => {
        if (!stopping.signal.aborted) onTrouble(error);
      });
      await timers.sleep(options.pauseMs, stopping.signal).catch(() => undefined);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}

/** The CRC the next segment follows; nothing where it cannot be known. */
async function scrubSegment(
  segment: WrittenSegment,
  previousCrc: number | undefined,
  report: (damage: Damage) => void,
  pace: (bytes: number) => Promise<void>,
): Promise<number | undefined> {
  const { file, fd, base, size } = segment;
  const inspector: Inspector = {
    record: () => undefined,
    batchEnd: () => undefined,
    damage: (from, to, reason) => report({ file, from, to, reason }),
    piece: pace,
  };
  const header = readSegmentHeader(await readUpTo(fd, 0, SEGMENT_HEADER_BYTES));
  const follows = header?.base === base && (previousCrc === undefined || header.previousCrc === previousCrc);
  if (!follows) inspector.damage(0, SEGMENT_HEADER_BYTES, 'the header of the file is not the one it had');
  const range = { from: SEGMENT_HEADER_BYTES, to: size, previousCrc: follows ? header.previousCrc : previousCrc };
  const { intactBytes, lastCrc } = await inspectSegment(segment, range, inspector);
  // All of this was written and synced: nothing in it can be a write that was cut off.
  if (intactBytes < size) await inspectDamage(segment, intactBytes, size, inspector);
  return intactBytes === size ? lastCrc : undefined;
}
