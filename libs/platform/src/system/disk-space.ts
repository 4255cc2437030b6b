import { statfs } from 'node:fs/promises';
import { StartError } from './start-error.js';

export interface DiskSpace {
  /** What a program without special rights may still write. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

export async function diskSpace(directory: string): Promise<DiskSpace> {
  const { bsize, bavail, blocks } = await statfs(directory);
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}

/** Refuses to start where the first writes would already fail. */
export async function requireFreeSpace(directory: string, neededBytes: number): Promise<void> {
  const { freeBytes } = await diskSpace(directory);
  if (freeBytes >= neededBytes) return;
  const megabytes = (bytes: number): string => `${Math.floor(bytes / 1_000_000)} MB`;
  throw new StartError(
    `The disk of ${directory} is full: ${megabytes(freeBytes)} free, ${megabytes(neededBytes)} needed.`,
    'Free some space there, or name another place in DAYBOOK_DATA_DIR.',
  );
}
