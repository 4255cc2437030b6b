import type { StreamMetadata } from '../streams/stream-metadata.js';

/**
 * What stream metadata hides, at the time of reading. Nothing is removed from the log: $all still shows it.
 * `count` is the number of events the stream has ever had.
 */
export function firstVisibleRevision(metadata: StreamMetadata, count: number): number {
  const byCount = metadata.maxCount === undefined ? 0 : Math.max(0, count - metadata.maxCount);
  return Math.max(byCount, metadata.truncateBefore ?? 0);
}

/** Events created before this are hidden; nothing is when the stream has no maximum age. Milliseconds. */
export function oldestVisible(metadata: StreamMetadata, now: number): number | undefined {
  return metadata.maxAgeSeconds === undefined ? undefined : now - metadata.maxAgeSeconds * 1000;
}
