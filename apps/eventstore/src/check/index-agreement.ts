import type { SegmentIndex } from '../storage/segment-index.js';
import type { NumberedRecord, RecordChecker } from './record-checker.js';

/** What reading a whole segment has found. */
export interface ScannedSegment {
  readonly base: number;
  readonly records: readonly NumberedRecord[];
  /** By the offset where a batch ends. */
  readonly ends: Map<number, { readonly lastBatchAt: number; readonly crc: number }>;
  /** Names that had a number before this segment. */
  readonly beginsWith: { readonly streams: number; readonly types: number };
}

/** Why an index is not the one of its segment; it covers the segment up to its end, and may be older than the rest. */
export function disagreementWithIndex(
  index: SegmentIndex,
  scanned: ScannedSegment,
  names: Pick<RecordChecker, 'streamNames' | 'typeNames'>,
): string | undefined {
  const end = scanned.ends.get(index.end - scanned.base);
  const covered = scanned.records.filter(({ offset }) => scanned.base + offset < index.end);
  if (covered.length > 0 && (end?.crc !== index.lastCrc || end.lastBatchAt !== index.lastBatchAt)) {
    return 'the index ends with another batch than the file';
  }
  if (covered.length !== index.offsets.length) {
    return `the index counts ${index.offsets.length} events, the file holds ${covered.length}`;
  }
  const wrong = covered.findIndex(
    ({ offset, stream, type }, at) =>
      index.offsets[at] !== offset || index.streams[at] !== stream || index.types[at] !== type,
  );
  if (wrong !== -1) return `the index names another event than the file, the ${wrong + 1}. of it`;
  const { streams, types } = scanned.beginsWith;
  const sameNames =
    index.streamsBefore === streams &&
    index.typesBefore === types &&
    index.newStreams.every((name, at) => names.streamNames.find(name) === streams + at) &&
    index.newTypes.every((name, at) => names.typeNames.find(name) === types + at);
  return sameNames ? undefined : 'the index names other streams or types than the file';
}
