import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A file system of its own that is soon full. */
export interface SmallDisk {
  readonly mountPoint: string;
  /** Also while something still has files open there. */
  discard(): void;
}

/** Needs the right to mount; without it, why not. */
export function mountSmallDisk(mebibytes: number): SmallDisk | { readonly skipped: string } {
  const mountPoint = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'daybook-small', mountPoint], { stdio: 'pipe' });
  } catch (error) {
    fs.rmdirSync(mountPoint);
    return { skipped: `no file system of our own here (${(error as Error).message.trim()})` };
  }
  return {
    mountPoint,
    discard: () => {
      execFileSync('umount', ['--lazy', mountPoint]);
      fs.rmdirSync(mountPoint);
    },
  };
}
