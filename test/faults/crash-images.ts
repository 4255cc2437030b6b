/**
 * The long form of crash-images.it.spec.ts: what a node does to its disk is recorded, and put together again as a power
 * cut may have left it: after every call, with all, none and some of the sectors that were not synced. Each image must
 * open to everything that was synced, and to no half batch. Prints one line of JSON and ends with 1 if one did not;
 * with `--record` the line is kept in bench/results/crash-images.jsonl.
 *
 *   npm run build && node dist/test/faults/crash-images.js [--images 5000] [--seed 1] [--record]
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCrashImages } from './crash/crash-image-rounds.js';
import { recordResult } from './record-result.js';

const MEMORY = '/dev/shm';

async function main(): Promise<void> {
  const options = { images: { type: 'string' }, seed: { type: 'string' }, record: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const directory = fs.mkdtempSync(path.join(fs.existsSync(MEMORY) ? MEMORY : os.tmpdir(), 'daybook-images-'));
  const startedAt = performance.now();
  try {
    const { violations, ...figures } = await runCrashImages({
      directory,
      images: Number(values.images ?? 5_000),
      appendsALife: 200,
      seed,
      onProgress: (images) => (images % 500 === 0 ? process.stderr.write(`${images} images\n`) : undefined),
    });
    recordResult({ workload: 'crash-images', seed, ...figures }, violations, { startedAt, isKept: values.record ?? false });
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
