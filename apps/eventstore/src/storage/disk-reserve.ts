import fs from 'node:fs/promises';

/** What is left free for everything else on the volume; below it appends are refused while reads go on. */
export interface DiskReserve {
  /** Free bytes if they are below the reserve, otherwise nothing. */
  shortage(): Promise<number | undefined>;
  /** Told of what is written here, so that no burst writes through the reserve between two looks. */
  written(bytes: number): void;
}

const CHECK_EVERY_MS = 500;

export function diskReserve(
  directory: string,
  reserveBytes: number,
  monotonicMs: () => number,
  freeBytes: (directory: string) => Promise<number> = freeBytesOf,
): DiskReserve {
  let checkedAt = Number.NEGATIVE_INFINITY;
  let free = 0;
  return {
    async shortage() {
      const now = monotonicMs();
      if (now - checkedAt >= CHECK_EVERY_MS || free < reserveBytes) {
        // A full disk is looked at every time: appends go on as soon as there is room.
        free = await freeBytes(directory);
        checkedAt = now;
      }
      return free < reserveBytes ? free : undefined;
    },
    written(bytes) {
      free -= bytes;
    },
  };
}

async function freeBytesOf(directory: string): Promise<number> {
  const volume = await fs.statfs(directory);
  return volume.bavail * volume.bsize;
}
