/**
 * Power cuts: the node writes to a file system of its own (ext4 in a file, long journal commits), which is shut down
 * without flushing anything; what was not synced is gone. Then the node is killed and everything is compared, as in
 * kills.ts; `--record` keeps the result in bench/results/power-cuts.jsonl. Needs root, loop mounts and python3 (for one
 * ioctl); says so and ends with 2 where it cannot run.
 *
 *   npm run build && node dist/test/faults/power-cuts.js [--cuts 50] [--record]
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runKillRounds } from './kill-rounds.js';
import { recordResult } from './record-result.js';

const IMAGE_MIB = 512;
/** EXT4_IOC_SHUTDOWN with "no log flush". */
const CUT = [
  'import fcntl, os, struct, sys',
  'fd = os.open(sys.argv[1], os.O_RDONLY)',
  "fcntl.ioctl(fd, 0x8004587d, struct.pack('I', 2))",
].join('\n');

class Disk {
  readonly mountPoint: string;
  private readonly image: string;

  constructor(directory: string) {
    this.image = path.join(directory, 'disk.img');
    this.mountPoint = path.join(directory, 'mount');
    fs.mkdirSync(this.mountPoint);
    fs.closeSync(fs.openSync(this.image, 'w'));
    fs.truncateSync(this.image, IMAGE_MIB * 2 ** 20);
    execFileSync('mkfs.ext4', ['-q', '-F', this.image]);
    this.mount();
  }

  mount(): void {
    execFileSync('mount', ['-o', 'loop,commit=300', this.image, this.mountPoint]);
  }

  unmount(): void {
    execFileSync('umount', [this.mountPoint]);
  }

  /** Also while a node that outlived a failed run still has files open. */
  discard(): void {
    execFileSync('umount', ['--lazy', this.mountPoint]);
  }

  cut(): void {
    execFileSync('python3', ['-c', CUT, this.mountPoint]);
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { cuts: { type: 'string' }, record: { type: 'boolean' } } });
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'daybook-cuts-'));
  const disk = tryDisk(directory);
  if (!disk) return;
  const startedAt = performance.now();
  try {
    const report = await runKillRounds({
      directory: path.join(disk.mountPoint, 'store'),
      kills: Number(values.cuts ?? 50),
      writers: 16,
      loadMs: () => 50 + Math.random() ** 2 * 800,
      strike: () => disk.cut(),
      recover: () => {
        disk.unmount();
        disk.mount();
      },
    });
    const { violations, kills, ...figures } = report;
    recordResult({ workload: 'power-cuts', cuts: kills, ...figures }, violations, { startedAt, isKept: values.record ?? false });
  } finally {
    disk.discard();
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function tryDisk(directory: string): Disk | undefined {
  try {
    return new Disk(directory);
  } catch (error) {
    process.stdout.write(`SKIP power cuts: no file system of our own here (${(error as Error).message})\n`);
    fs.rmSync(directory, { recursive: true, force: true });
    process.exitCode = 2;
    return undefined;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
