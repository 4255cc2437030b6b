import fs from 'node:fs/promises';

/** What is left free for everything else on the volume; below it appends are refused while reads go on. */
export interface DiskReserve {
  /** Free bytes if they are below the reserve, otherwise nothing. */
  shortage(): Promise<number | undefined>;
}

const CHECK_EVERY_MS = 500;

export function diskReserve(directory: string, reserveBytes: number, monotonicMs: () => number): DiskReserve {
  let checkedAt = Number.NEGATIVE_INFINITY;
  let shortage: number | undefined;
  return {
    async shortage() {
      const now = monotonicMs();
      if (now - checkedAt < CHECK_EVERY_MS) return shortage;
      checkedAt = now;
      const volume = await fs.statfs(directory);
      const free = volume.bavail * volume.bsize;
      shortage = free < reserveBytes ? free : undefined;
      return shortage;
    },
  };
}
